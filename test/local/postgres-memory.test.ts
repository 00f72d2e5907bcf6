import { memorySettings } from '../../src/local/postgres';

const gigabyte = 2 ** 30;

test.each([
  [0.25, 'shared_buffers=128MB'],
  [2, 'shared_buffers=512MB'],
  [64, 'shared_buffers=1024MB'],
])('of %d GB of memory Postgres gets a share: %s', (memory, setting) =>
  expect(memorySettings(memory * gigabyte)).toContain(setting),
);
