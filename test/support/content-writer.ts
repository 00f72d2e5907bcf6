import { type ContentStoreSettings, createContentStore } from '../../src/storage/content-store';

const mebibyte = Buffer.alloc(1024 * 1024, 'content ');

async function* mebibytes(count: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < count; sent += 1) {
    // A copy each: chunks from a network are new memory, too.
    yield Buffer.from(mebibyte);
    if (sent % 8 === 0) process.send?.({ sent });
  }
}

/** A process of its own that writes one blob: to be killed in the middle, or to tell how much memory it took. */
async function write(settings: ContentStoreSettings, count: number): Promise<void> {
  const store = createContentStore(settings);
  await store.write(mebibytes(8), { maxBytes: 5 * 1024 ** 3 });
  const before = process.memoryUsage.rss();
  let highest = before;
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 5);
  const blob = await store.write(mebibytes(count), { maxBytes: 5 * 1024 ** 3 });
  clearInterval(watch);
  process.send?.({ blob, grownBy: highest - before });
}

const settings: ContentStoreSettings = JSON.parse(process.argv[2]!);
void write(settings, Number(process.argv[3]));
