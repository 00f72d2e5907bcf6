import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';

type WebpackConfigHook = NonNullable<BundleOptions['webpackConfigHook']>;
type WebpackPlugin = Extract<NonNullable<ReturnType<WebpackConfigHook>['plugins']>[number], (...args: never[]) => void>;

/** What a bundle was made of: each file, relative to the checkout, with its hash. */
type Ingredients = Record<string, string>;

/**
 * Bundles the workflows unless the bundle at `destination` was made of the very same files; making it takes seconds.
 * The files beside it (`.inputs.json`) are what the bundler read, so a rule that a workflow comes to import is never missed.
 */
export async function ensureWorkflowBundle(root: string, destination: string): Promise<string> {
  const record = `${destination}.inputs.json`;
  if (existsSync(destination) && existsSync(record)) {
    const before = JSON.parse(readFileSync(record, 'utf8')) as Ingredients;
    if (Object.entries(before).every(([file, hash]) => hashOf(path.join(root, file)) === hash)) return destination;
  }
  const { code, files } = await bundle(path.join(root, 'workflows', 'index.ts'));
  mkdirSync(path.dirname(destination), { recursive: true });
  const ingredients = [...ownFiles(root, files), 'package-lock.json'].map((file) => [
    file,
    hashOf(path.join(root, file)),
  ]);
  writeWhole(destination, code);
  writeWhole(record, JSON.stringify(Object.fromEntries(ingredients), null, 1));
  return destination;
}

async function bundle(workflowsPath: string): Promise<{ code: string; files: string[] }> {
  const files = new Set<string>();
  const noteInputs: WebpackPlugin = ({ hooks }) =>
    hooks.done.tap('inputs', ({ compilation }) => {
      for (const file of compilation.fileDependencies) files.add(file);
    });
  const webpackConfigHook: WebpackConfigHook = (config) => ({
    ...config,
    plugins: [...(config.plugins ?? []), noteInputs],
  });
  const { code } = await bundleWorkflowCode({ workflowsPath, webpackConfigHook, logger: new DefaultLogger('ERROR') });
  return { code, files: [...files] };
}

/** Other packages are covered by the lock file. */
const ownFiles = (root: string, files: readonly string[]): string[] =>
  files
    .map((file) => path.relative(root, file))
    .filter(
      (file) =>
        !file.startsWith('..') && !file.startsWith('node_modules') && hashOf(path.join(root, file)) !== undefined,
    )
    .sort();

function hashOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('base64url');
  } catch {
    return undefined;
  }
}

/** Workers that run read the old bundle or the new one, never a part of one. */
function writeWhole(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
