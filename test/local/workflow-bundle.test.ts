import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureWorkflowBundle } from '../../src/local/workflow-bundle';

describe('the bundle of the workflows', () => {
  let root: string;
  beforeAll(() => {
    // Inside the checkout, so that the SDK's packages are found.
    const cache = path.resolve(__dirname, '../../.cache');
    mkdirSync(cache, { recursive: true });
    root = mkdtempSync(path.join(cache, 'bundle-'));
    write('package-lock.json', '{}');
    write('workflows/index.ts', "export { limit } from '../src/limit.rules';\n");
    write('src/limit.rules.ts', 'export const limit = async (): Promise<string> => "first limit";\n');
    write('src/unrelated.ts', '');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const bundle = (): Promise<string> => ensureWorkflowBundle(root, path.join(root, 'out', 'bundle.js'));

  it('is made again when something that it was made of has changed, and only then', async () => {
    const file = await bundle();
    expect(readFileSync(file, 'utf8')).toContain('first limit');
    const made = statSync(file).mtimeMs;
    write('src/unrelated.ts', 'export const other = 1;\n');
    await bundle();
    expect(statSync(file).mtimeMs).toBe(made);

    write('src/limit.rules.ts', 'export const limit = async (): Promise<string> => "second limit";\n');
    await bundle();
    expect(readFileSync(file, 'utf8')).toContain('second limit');
  });
});
