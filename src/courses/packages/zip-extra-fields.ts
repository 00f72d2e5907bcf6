/** Sizes and offsets beyond 32 bits (APPNOTE 4.5.3). */
const zip64Field = 0x0001;

/** What a 32-bit field says when its value is in the zip64 field. */
const elsewhere = 0xffff_ffff;

/** The content of an extra field (APPNOTE 4.5). Some tools pad behind the last one: what is no whole field ends the search. */
export function findExtraField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return undefined;
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

/**
 * The values of a header's 32-bit fields, each taken from the zip64 field where it says so; undefined where that has no such
 * value. The fields must be in the order in which the zip64 field lists them: size, compressed size, offset.
 */
export function widen(extra: Buffer, fields: readonly number[]): (number | undefined)[] {
  if (!fields.includes(elsewhere)) return [...fields];
  const wide = findExtraField(extra, zip64Field) ?? Buffer.alloc(0);
  let at = 0;
  return fields.map((field) => {
    if (field !== elsewhere) return field;
    at += 8;
    return at <= wide.length ? readUInt64(wide, at - 8) : undefined;
  });
}

/** Infinity for what no number holds exactly: larger than any file, so that every check of bounds refuses it. */
export function readUInt64(bytes: Buffer, offset: number): number {
  const value = Number(bytes.readBigUInt64LE(offset));
  return Number.isSafeInteger(value) ? value : Infinity;
}
