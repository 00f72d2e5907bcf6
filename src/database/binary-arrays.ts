/*
 * Arrays in Postgres' binary format. As text every quote of a long JSON would be escaped here and looked for there; like
 * this both sides copy. node-postgres sends a Buffer as a binary parameter: the statement has to say its type, `:ids::uuid[]`.
 */

const headerBytes = 20;
const byteaOid = 17;
const int8Oid = 20;
const int4Oid = 23;
const textOid = 25;
const timestamptzOid = 1184;
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

/** For `bytea[]`; each is given in pieces. */
export function bytesArray(values: readonly (readonly Buffer[])[]): Buffer {
  const lengths = values.map((pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0));
  const array = begin(values.length, headerBytes + lengths.reduce((sum, length) => sum + 4 + length, 0), byteaOid);
  let at = headerBytes;
  values.forEach((pieces, index) => {
    at = array.writeInt32BE(lengths[index]!, at);
    for (const piece of pieces) at += piece.copy(array, at);
  });
  return array;
}

/** For `uuid[]`; each in the usual form of 36 characters. */
export function uuidArray(values: readonly string[]): Buffer {
  const array = begin(values.length, headerBytes + values.length * 20, uuidOid);
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(16, at);
    for (const place of uuidDigits) {
      array[at] = (digitOf(value, place) << 4) | digitOf(value, place + 1);
      at += 1;
    }
  }
  return array;
}

/** Where the pairs of digits stand: read here one by one, because to make hex of each text takes twice the time. */
const uuidDigits = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Of hexadecimal digits the lower four bits of the letters are 1 to 6. */
function digitOf(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return code < 0x3a ? code & 15 : (code & 15) + 9;
}

/** For `int[]`. */
export function integerArray(values: readonly number[]): Buffer {
  const array = begin(values.length, headerBytes + values.length * 8, int4Oid);
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(4, at);
    at = array.writeInt32BE(value, at);
  }
  return array;
}

/** For `bigint[]`. */
export const bigintArray = (values: readonly (bigint | null)[]): Buffer => wideArray(values, int8Oid, 0n);

/** For `timestamptz[]`; each in microseconds since 1970. */
export const timeArray = (values: readonly bigint[]): Buffer => wideArray(values, timestamptzOid, microsecondsTo2000);

/** Postgres counts from there. */
const microsecondsTo2000 = BigInt(Date.UTC(2000, 0, 1)) * 1000n;

function wideArray(values: readonly (bigint | null)[], elementType: number, origin: bigint): Buffer {
  const nulls = values.reduce((count, value) => count + Number(value === null), 0);
  const array = begin(values.length, headerBytes + values.length * 12 - nulls * 8, elementType);
  let at = headerBytes;
  for (const value of values) {
    at = array.writeInt32BE(value === null ? -1 : 8, at);
    if (value !== null) at = array.writeBigInt64BE(value - origin, at);
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
