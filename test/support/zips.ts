import { crc32, deflateRawSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { RandomAccess } from '../../src/courses/packages/package';

/** The fields that stand in both headers of an entry; `local` and `central` of an entry say where they lie. */
export interface HeaderFields {
  flags: number;
  method: number;
  crc32: number;
  compressedSize: number;
  size: number;
  name: Buffer;
  extra: Buffer;
}

/** An entry to be written byte by byte. What is not given is what an honest zip would say. */
export interface EntryDraft {
  name: string | Buffer;
  /** Uncompressed; deflated unless `method` says otherwise. */
  content?: string | Buffer;
  /** The bytes that stand in the zip, in place of what `content` gives. */
  data?: Buffer;
  method?: number;
  flags?: number;
  crc32?: number;
  size?: number;
  extra?: Buffer;
  /** The Unix mode, in the upper half of the external attributes. */
  mode?: number;
  disk?: number;
  /** Where the directory says that the entry lies. */
  offset?: number;
  /** Sizes and checksum behind the data only (flag bit 3). */
  streamed?: boolean;
  local?: Partial<HeaderFields>;
  central?: Partial<HeaderFields>;
}

export interface EndFields {
  disk: number;
  entriesHere: number;
  entries: number;
  size: number;
  offset: number;
}

export interface ZipDraft {
  /** What stands before the zip, as in a self-extractor; offsets do not count it. */
  prefix?: Buffer;
  comment?: string;
  end?: Partial<EndFields>;
  /** Adds a zip64 end record and its locator; fields given here differ from the truth. */
  zip64End?: Partial<EndFields> & { locatorOffset?: number; extension?: Buffer };
}

/** A zip with exactly these headers, however wrong they are. */
export function buildZip(
  drafts: readonly EntryDraft[],
  { prefix, comment = '', end, zip64End }: ZipDraft = {},
): Buffer {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const draft of drafts) {
    const { local, data, central } = writeEntry(draft, at);
    body.push(local, data);
    directory.push(central);
    at += local.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const truth = { disk: 0, entriesHere: drafts.length, entries: drafts.length, size: entries.length, offset: at };
  const long = zip64End ? writeZip64End({ ...truth, ...zip64End }, at + entries.length, zip64End) : Buffer.alloc(0);
  return Buffer.concat([prefix ?? Buffer.alloc(0), ...body, entries, long, writeEnd({ ...truth, ...end }, comment)]);
}

function writeEntry(draft: EntryDraft, at: number): { local: Buffer; data: Buffer; central: Buffer } {
  const content = toBytes(draft.content ?? '');
  const method = draft.method ?? 8;
  const data = draft.data ?? (method === 8 ? deflateRawSync(content) : content);
  const fields: HeaderFields = {
    flags: (draft.flags ?? 0) | (draft.streamed ? 8 : 0),
    method,
    crc32: draft.crc32 ?? crc32(content),
    compressedSize: data.length,
    size: draft.size ?? content.length,
    name: toBytes(draft.name),
    extra: draft.extra ?? Buffer.alloc(0),
  };
  const unknown = draft.streamed ? { crc32: 0, compressedSize: 0, size: 0 } : {};
  const central = { ...fields, ...draft.central };
  return {
    local: writeLocal({ ...fields, ...unknown, ...draft.local }),
    data: draft.streamed ? Buffer.concat([data, bytes.u32(0x08074b50, fields.crc32, data.length, fields.size)]) : data,
    central: writeCentral(central, draft.offset ?? at, (draft.mode ?? 0) * 0x10000, draft.disk ?? 0),
  };
}

/** Little-endian numbers in a row. */
export const bytes = {
  u16: (...values: number[]) => Buffer.from(Uint8Array.from(values.flatMap((v) => [v & 0xff, (v >>> 8) & 0xff]))),
  u32: (...values: number[]) => Buffer.concat(values.map((v) => bytes.u16(v & 0xffff, v >>> 16))),
  u64: (...values: (number | bigint)[]) =>
    Buffer.concat(values.map((v) => bytes.u32(Number(BigInt(v) & 0xffffffffn), Number(BigInt(v) >> 32n)))),
};

/** An extra field: its id, its length and its content. */
export const extraField = (id: number, content: Buffer): Buffer =>
  Buffer.concat([bytes.u16(id, content.length), content]);

const shared = ({ flags, method, crc32: sum, compressedSize, size, name, extra }: HeaderFields): Buffer =>
  Buffer.concat([
    bytes.u16(20, flags, method, 0, 0x21),
    bytes.u32(sum, compressedSize, size),
    bytes.u16(name.length, extra.length),
  ]);

const writeLocal = (fields: HeaderFields): Buffer =>
  Buffer.concat([bytes.u32(0x04034b50), shared(fields), fields.name, fields.extra]);

const writeCentral = (fields: HeaderFields, offset: number, attributes: number, disk: number): Buffer =>
  Buffer.concat([
    bytes.u32(0x02014b50),
    bytes.u16(0x031e),
    shared(fields),
    bytes.u16(0, disk, 0),
    bytes.u32(attributes, offset),
    fields.name,
    fields.extra,
  ]);

const writeEnd = ({ disk, entriesHere, entries, size, offset }: EndFields, comment: string): Buffer =>
  Buffer.concat([
    bytes.u32(0x06054b50),
    bytes.u16(disk, disk, entriesHere, entries),
    bytes.u32(size, offset),
    bytes.u16(comment.length),
    Buffer.from(comment, 'latin1'),
  ]);

function writeZip64End(
  { disk, entriesHere, entries, size, offset }: EndFields,
  at: number,
  { locatorOffset = at, extension = Buffer.alloc(0) }: NonNullable<ZipDraft['zip64End']>,
): Buffer {
  return Buffer.concat([
    bytes.u32(0x06064b50),
    bytes.u64(44 + extension.length),
    bytes.u16(45, 45),
    bytes.u32(disk, disk),
    bytes.u64(entriesHere, entries, size, offset),
    extension,
    bytes.u32(0x07064b50, 0),
    bytes.u64(locatorOffset),
    bytes.u32(1),
  ]);
}

/** Text as UTF-8. */
export const toBytes = (content: string | Buffer): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : content;

/** An honest zip, as an ordinary library writes it. */
export function packZip(
  files: Iterable<readonly [path: string, content: Buffer | string]>,
  compress = true,
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, content] of files) zip.addBuffer(toBytes(content), path, { compress });
  zip.end();
  return buffer(zip.outputStream);
}

/** A package in memory. Fails as a file does when more is asked for than there is; `reads` tells how often it was asked. */
export class MemorySource implements RandomAccess {
  reads = 0;
  readonly size: number;

  constructor(private readonly content: Buffer) {
    this.size = content.length;
  }

  read(offset: number, length: number): Promise<Buffer> {
    this.reads += 1;
    const inside = Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= this.size;
    if (!inside) return Promise.reject(new RangeError(`No ${length} bytes at ${offset} of ${this.size}.`));
    return Promise.resolve(this.content.subarray(offset, offset + length));
  }
}
