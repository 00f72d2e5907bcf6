/*
 * Arrays in Postgres' binary format. As text every quote of a long JSON would be escaped here and looked for there; like
 * this both sides copy. node-postgres sends a Buffer as a binary parameter: the statement has to say its type, `:ids::uuid[]`.
 */

const headerBytes = 20;
const textOid = 25;
const uuidOid = 2950;

/** For `text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const array = begin(values.length, size, textOid);
  let at = headerBytes;
  for (const value of values) {
    const bytes = value === null ? -1 : array.write(value, at + 4, 'utf8');
    array.writeInt32BE(bytes, at);
    at += 4 + Math.max(bytes, 0);
  }
  return array;
}

/** For `uuid[]`; each in the usual form of 36 characters. */
export function uuidArray(values: readonly string[]): Buffer {
  const array = begin(values.length, headerBytes + values.length * 20, uuidOid);
  let at = headerBytes;
  for (const value of values) {
    array.writeInt32BE(16, at);
    array.write(value.replaceAll('-', ''), at + 4, 'hex');
    at += 20;
  }
  return array;
}

/** One dimension from 1 on; it may hold nulls. */
function begin(length: number, size: number, elementType: number): Buffer {
  const array = Buffer.alloc(size);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(elementType, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}
