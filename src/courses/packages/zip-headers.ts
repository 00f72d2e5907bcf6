import { refuse } from './package-errors';
import type { ZipDirectory } from './zip-directory';
import { widen } from './zip-extra-fields';
import { decodeName } from './zip-names';
import type { ZipWindow } from './zip-window';

/** One record of the central directory (APPNOTE 4.3.12), as it stands there. */
export interface CentralHeader {
  flags: number;
  method: number;
  crc32: number;
  compressedSize: number;
  size: number;
  /** As it stands there: a view of the directory. */
  rawName: Buffer;
  /** As a person reads it. */
  name: string;
  /** External attributes; Unix tools keep the file's mode in the upper half. */
  attributes: number;
  /** Of the local header, from the source's first byte. */
  offset: number;
}

/** What stands before a file's data (APPNOTE 4.3.7); sizes are undefined when a zip64 field should have them and has not. */
export interface LocalHeader {
  flags: number;
  method: number;
  crc32: number;
  compressedSize: number | undefined;
  size: number | undefined;
  rawName: Buffer;
  /** Where the file's data begins, from the source's first byte. */
  dataOffset: number;
}

const centralSignature = 0x0201_4b50;
const centralBytes = 46;
const localSignature = 0x0403_4b50;
const localBytes = 30;

/** The records of the directory in their order; refuses a directory that does not end where it says, or counts wrong. */
export function* readCentralHeaders(
  bytes: Buffer,
  { entryCount, shift }: ZipDirectory,
): Generator<CentralHeader, void> {
  let at = 0;
  for (let index = 0; index < entryCount; index++) {
    const length = centralLength(bytes, at);
    if (length === undefined || at + length > bytes.length) throw refuse.damaged('its table of contents is broken');
    yield readCentralHeader(bytes.subarray(at, at + length), shift);
    at += length;
  }
  if (at !== bytes.length) throw refuse.damaged('its table of contents holds more than it counts');
}

function centralLength(bytes: Buffer, at: number): number | undefined {
  if (at + centralBytes > bytes.length || bytes.readUInt32LE(at) !== centralSignature) return undefined;
  return centralBytes + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
}

function readCentralHeader(bytes: Buffer, shift: number): CentralHeader {
  const nameEnd = centralBytes + bytes.readUInt16LE(28);
  const rawName = bytes.subarray(centralBytes, nameEnd);
  const extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(30));
  const name = decodeName(rawName, extra);
  const [size, compressedSize, offset] = widen(
    extra,
    [24, 20, 42].map((field) => bytes.readUInt32LE(field)),
  );
  if (size === undefined || compressedSize === undefined || offset === undefined) {
    throw refuse.damaged('a zip64 field is missing', name);
  }
  if (bytes.readUInt16LE(34) !== 0) throw refuse.multiDisk();
  return {
    flags: bytes.readUInt16LE(8),
    method: bytes.readUInt16LE(10),
    crc32: bytes.readUInt32LE(16),
    compressedSize,
    size,
    rawName,
    name,
    attributes: bytes.readUInt32LE(38),
    offset: offset + shift,
  };
}

/** `next` says where the next header lies, so that near ones come out of one read. */
export async function readLocalHeader(window: ZipWindow, offset: number, next: number): Promise<LocalHeader> {
  const fixed = window.peek(offset, localBytes) ?? (await window.read(offset, localBytes, next));
  if (fixed.readUInt32LE(0) !== localSignature) throw refuse.damaged('a file is not where its table of contents says');
  const nameEnd = localBytes + fixed.readUInt16LE(26);
  const length = nameEnd + fixed.readUInt16LE(28);
  const bytes = window.peek(offset, length) ?? (await window.read(offset, length, next));
  const [size, compressedSize] = widen(bytes.subarray(nameEnd), [bytes.readUInt32LE(22), bytes.readUInt32LE(18)]);
  return {
    flags: bytes.readUInt16LE(6),
    method: bytes.readUInt16LE(8),
    crc32: bytes.readUInt32LE(14),
    compressedSize,
    size,
    rawName: bytes.subarray(localBytes, nameEnd),
    dataOffset: offset + length,
  };
}
