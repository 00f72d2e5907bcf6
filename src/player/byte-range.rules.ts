import type { ByteRange } from '../storage/content-store';

/**
 * The one range of a `Range` header that is answered with a part (RFC 9110 14.1.2). Undefined: send the whole, as servers may
 * for units they do not know and for several ranges. `unsatisfiable`: nothing of it lies in the file.
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') return endOf(Number(last), size);
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start < size ? { offset: start, length: end - start + 1 } : 'unsatisfiable';
}

function endOf(length: number, size: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  const taken = Math.min(length, size);
  return { offset: size - taken, length: taken };
}
