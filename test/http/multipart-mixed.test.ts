import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { delimiterLines } from '../../src/http/multipart-mixed';

describe('delimiterLines', () => {
  it.each([
    ['--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n', '--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n'],
    ['--b\r\n\r\none--b\r\n\r\ntwo--b--', '--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--'],
    ['preamble--b\r\n\r\n\r--b--', 'preamble\r\n--b\r\n\r\n\r\r\n--b--'],
    ['--b\r\n\r\n-\r\n--\r\n-- b\n--b--', '--b\r\n\r\n-\r\n--\r\n-- b\n\r\n--b--'],
    ['', ''],
  ])('%j, in pieces of any size', async (body, expected) => {
    for (let size = 1; size <= body.length + 1; size += 1) {
      const pieces = Array.from({ length: Math.ceil(body.length / size) }, (_, nth) =>
        Buffer.from(body.slice(nth * size, (nth + 1) * size)),
      );
      const lines = await buffer(Readable.from(pieces).pipe(delimiterLines('b')));
      expect([size, lines.toString()]).toEqual([size, `\r\n${expected}`]);
    }
  });
});
