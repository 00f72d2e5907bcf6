import { refuse } from './package-errors';
import type { RandomAccess } from './package';
import { readUInt64 } from './zip-extra-fields';

/** Where the central directory lies, and what it says it holds. */
export interface ZipDirectory {
  offset: number;
  size: number;
  entryCount: number;
  /** Bytes before the zip proper (a self-extractor's program): every offset that the zip states is short by these. */
  shift: number;
}

interface EndRecord {
  /** Where the record itself begins, and the directory ends. */
  at: number;
  /** This disk's number, and that of the disk where the directory begins. */
  disks: [number, number];
  /** Entries on this disk. */
  entriesHere: number;
  entryCount: number;
  size: number;
  offset: number;
}

const endSignature = Buffer.from('PK\x05\x06', 'latin1');
const endBytes = 22;
const maxCommentBytes = 0xffff;
const zip64EndSignature = 0x0606_4b50;
const zip64EndBytes = 56;
const zip64LocatorSignature = 0x0706_4b50;
const zip64LocatorBytes = 20;
const minHeaderBytes = 46;

/** Finds the central directory from the end of the zip (APPNOTE 4.3.14 to 4.3.16). */
export async function findDirectory(source: RandomAccess): Promise<ZipDirectory> {
  const short = await findEnd(source);
  const end = (await findZip64End(source, short)) ?? short;
  if (end.disks[0] !== 0 || end.disks[1] !== 0 || end.entriesHere !== end.entryCount) throw refuse.multiDisk();
  const offset = end.at - end.size;
  const shift = offset - end.offset;
  if (offset < 0 || shift < 0) throw refuse.truncated();
  if (end.entryCount * minHeaderBytes > end.size) throw refuse.damaged('its table of contents is too short');
  return { offset, size: end.size, entryCount: end.entryCount, shift };
}

/** The last end record whose comment reaches exactly to the end of the file: a comment may hold the signature too. */
async function findEnd(source: RandomAccess): Promise<EndRecord> {
  const length = Math.min(source.size, endBytes + maxCommentBytes);
  const tail = await source.read(source.size - length, length);
  const last = tail.lastIndexOf(endSignature);
  for (let at = last; at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(endSignature, at - 1)) {
    const fits = at + endBytes <= length && at + endBytes + tail.readUInt16LE(at + 20) === length;
    if (fits) return readEnd(tail.subarray(at), source.size - length + at);
  }
  if (last >= 0) throw refuse.damaged('its end is cut off, or something was added behind it');
  throw refuseHead(await source.read(0, Math.min(source.size, 8)));
}

const readEnd = (record: Buffer, at: number): EndRecord => ({
  at,
  disks: [record.readUInt16LE(4), record.readUInt16LE(6)],
  entriesHere: record.readUInt16LE(8),
  entryCount: record.readUInt16LE(10),
  size: record.readUInt32LE(12),
  offset: record.readUInt32LE(16),
});

/** The zip64 end record counts when its locator stands right before the short one. */
async function findZip64End(source: RandomAccess, short: EndRecord): Promise<EndRecord | undefined> {
  const locatorAt = short.at - zip64LocatorBytes;
  if (locatorAt < 0) return undefined;
  const locator = await source.read(locatorAt, zip64LocatorBytes);
  if (locator.readUInt32LE(0) !== zip64LocatorSignature) return undefined;
  if (locator.readUInt32LE(16) > 1) throw refuse.multiDisk();
  // The stated place is wrong in a prefixed zip; the usual place is right unless the record has an extension.
  for (const at of [locatorAt - zip64EndBytes, readUInt64(locator, 8)]) {
    if (at < 0 || at + zip64EndBytes > locatorAt) continue;
    const record = await source.read(at, zip64EndBytes);
    const fits = record.readUInt32LE(0) === zip64EndSignature && at + 12 + readUInt64(record, 4) === locatorAt;
    if (fits) return agreed(readZip64End(record, at), short);
  }
  throw refuse.damaged('its zip64 end record is missing');
}

const readZip64End = (record: Buffer, at: number): EndRecord => ({
  at,
  disks: [record.readUInt32LE(16), record.readUInt32LE(20)],
  entriesHere: readUInt64(record, 24),
  entryCount: readUInt64(record, 32),
  size: readUInt64(record, 40),
  offset: readUInt64(record, 48),
});

/** What the short record does not leave to the long one must be the same in both, or two readers see two zips. */
function agreed(long: EndRecord, short: EndRecord): EndRecord {
  const same =
    agree(short.entryCount, long.entryCount, 0xffff) &&
    agree(short.size, long.size, 0xffff_ffff) &&
    agree(short.offset, long.offset, 0xffff_ffff);
  if (!same) throw refuse.damaged('its zip64 end record contradicts the short one');
  return long;
}

const agree = (short: number, long: number, saturated: number): boolean => short === saturated || short === long;

/** What people upload in place of a zip, by the first bytes. */
const lookalikes: [signature: string, kind: string][] = [
  ['Rar!', 'a RAR archive'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['\x1f\x8b', 'a gzip file'],
  ['%PDF', 'a PDF document'],
];

function refuseHead(head: Buffer): Error {
  const start = head.toString('latin1');
  if (start === '') return refuse.notAZip('empty');
  if (start.startsWith('PK\x07\x08')) return refuse.multiDisk();
  if (start.startsWith('PK\x03\x04')) return refuse.truncated();
  return refuse.notAZip(lookalikes.find(([signature]) => start.startsWith(signature))?.[1]);
}
