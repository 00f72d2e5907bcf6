import { type AppError, invalid } from '../../errors';

const again = 'Export the course again and upload the new file.';
const rezip = 'Pack the folder again with an ordinary zip tool.';

/**
 * Every reason to refuse a package's zip: a stable code for programs, and what the course's author reads. All are
 * `invalid`, so that no import is retried for them.
 */
export const refuse = {
  notAZip: (looksLike?: string) =>
    refusal(
      'not_a_zip',
      `The file is not a zip${looksLike ? `: it is ${looksLike}` : ''}. Export the course as a zip package and upload that.`,
    ),
  truncated: () =>
    refusal(
      'zip_truncated',
      'The zip ends too early: it was cut off while it was made or sent. Compare its size with the original and upload it again.',
    ),
  damaged: (what: string, path?: string) =>
    refusal('zip_damaged', `The zip is damaged: ${what}${path === undefined ? '' : ` (${quote(path)})`}. ${again}`),
  multiDisk: () =>
    refusal('zip_multi_disk', 'The zip is one part of a set of several. Pack the course into a single zip file.'),
  empty: () => refusal('zip_empty', 'The zip holds no files. Check what was packed and upload it again.'),
  tooManyEntries: (count: number, limit: number) =>
    refusal(
      'zip_too_many_entries',
      `The zip holds ${count} entries; ${limit} are allowed. Leave out what the course does not need, or split it.`,
    ),
  directoryTooLarge: (limit: number) =>
    refusal(
      'zip_directory_too_large',
      `The zip's table of contents is larger than ${limit} bytes. Pack the folder again without comments, or split the course.`,
    ),
  tooLarge: (limit: number) =>
    refusal(
      'zip_too_large',
      `The files of the zip are larger than the ${limit} bytes that are allowed in all. Leave out what the course does not need, or split it.`,
    ),
  ratioTooHigh: (limit: number, path?: string) =>
    refusal(
      'zip_ratio_too_high',
      `${path === undefined ? 'The zip' : `The file ${quote(path)}`} unpacks to more than ${limit} times its size, as zip bombs do. Replace what is mostly empty, or pack it without compression.`,
    ),
  pathEscapes: (path: string) =>
    refusal('zip_path_escapes', `The path ${quote(path)} leads out of the package (".."). ${rezip}`),
  pathAbsolute: (path: string) =>
    refusal(
      'zip_path_absolute',
      `The path ${quote(path)} is absolute; paths must start inside the package. Pack the course again from inside its folder.`,
    ),
  pathControlCharacter: (path: string) =>
    refusal(
      'zip_path_control_character',
      `The path ${quote(path)} has a control character in it. Rename that file and pack the course again.`,
    ),
  pathTooLong: (path: string, limit: number) =>
    refusal(
      'zip_path_too_long',
      `The path ${quote(path)} is longer than ${limit} bytes. Shorten its names and pack the course again.`,
    ),
  symbolicLink: (path: string) =>
    refusal(
      'zip_symbolic_link',
      `${quote(path)} is a symbolic link. Put the file itself in its place and pack the course again.`,
    ),
  specialFile: (path: string) =>
    refusal('zip_special_file', `${quote(path)} is not an ordinary file. Remove it and pack the course again.`),
  encrypted: (path: string) =>
    refusal('zip_encrypted', `The file ${quote(path)} is encrypted. Pack the course again without a password.`),
  methodUnsupported: (path: string, method: string) =>
    refusal(
      'zip_method_unsupported',
      `The file ${quote(path)} is compressed with ${method}, which browsers and course players cannot read. Pack the course again with the ordinary method (Deflate).`,
    ),
  duplicate: (path: string) => refusal('zip_duplicate_path', `The zip holds the file ${quote(path)} twice. ${rezip}`),
  fileAndFolder: (path: string) =>
    refusal(
      'zip_file_and_folder',
      `${quote(path)} is a file and a folder at once. Rename one and pack the course again.`,
    ),
  overlap: (path: string, other?: string) =>
    refusal(
      'zip_overlap',
      `The data of ${quote(path)} overlaps ${other === undefined ? "the zip's table of contents" : `that of ${quote(other)}`}, as zip bombs do. ${rezip}`,
    ),
  headersDisagree: (path: string, what: string) =>
    refusal(
      'zip_headers_disagree',
      `The zip's table of contents and the header of the file ${quote(path)} disagree on its ${what}. ${rezip}`,
    ),
  checksum: (path: string) =>
    refusal('zip_checksum', `The file ${quote(path)} is damaged: its checksum is wrong. ${again}`),
  wrongSize: (path: string, size: number) =>
    refusal(
      'zip_wrong_size',
      `The file ${quote(path)} does not unpack to the ${size} bytes that the zip declares. ${again}`,
    ),
  brokenData: (path: string, what: string) =>
    refusal('zip_broken_data', `The compressed data of the file ${quote(path)} is damaged: ${what}. ${again}`),
  fileTooLarge: (path: string, limit: number) =>
    refusal('zip_file_too_large', `The file ${quote(path)} is larger than the ${limit} bytes that it may have.`),
};

const refusal = (code: string, message: string): AppError => invalid(message, { code });

/** Paths of hostile packages go into messages and logs: escaped, and cut to what a person reads. */
const quote = (path: string): string => JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
