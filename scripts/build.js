'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { buildPlayer } = require('./build-player');
const { oneAtATime } = require('./one-at-a-time');

const root = path.resolve(__dirname, '..');
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.built-from');

const folders = ['src', 'workflows', 'activities', 'migrations', 'bench', 'examples'];
const files = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** Makes dist/ from the sources (compiled, and the workflows bundled) unless it is made of them already. */
async function ensureBuilt() {
  if (isBuilt()) return;
  await oneAtATime(root, 'build', async () => {
    if (!isBuilt()) await build();
  });
}

const isBuilt = () => fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp();

async function build() {
  const start = Date.now();
  process.stderr.write('Building… ');
  // Taken first: what is edited meanwhile is built the next time.
  const builtFrom = stamp();
  fs.rmSync(stampFile, { force: true });
  compile();
  removeOrphans(dist);
  buildPlayer();
  // Compiled a moment ago.
  const { ensureWorkflowBundle } = require(path.join(dist, 'src', 'local', 'workflow-bundle.js'));
  await ensureWorkflowBundle(root, path.join(dist, 'workflow-bundle.js'));
  fs.writeFileSync(stampFile, builtFrom);
  process.stderr.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

function compile() {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the sources do not compile:\n${stdout}${stderr}`);
}

/** What was compiled from a source that is gone: a migration that was removed must not run. */
function removeOrphans(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const compiled = path.join(folder, entry.name);
    if (entry.isDirectory()) removeOrphans(compiled);
    else if (/\.js(\.map)?$/.test(entry.name) && folder !== dist) {
      const source = path.join(root, path.relative(dist, compiled)).replace(/\.js(\.map)?$/, '.ts');
      if (!fs.existsSync(source)) fs.rmSync(compiled);
    }
  }
}

/** Which files there are, how large, and when each was written: a few milliseconds for all of them. */
function stamp() {
  const hash = createHash('sha256');
  for (const file of [...files, ...folders.flatMap(listFiles)]) {
    const { size, mtimeMs } = fs.statSync(path.join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const listFiles = (folder) =>
  fs.existsSync(path.join(root, folder))
    ? fs
        .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
        .sort()
    : [];

module.exports = { ensureBuilt };

if (require.main === module) {
  require('./install')
    .ensureInstalled()
    .then(() => oneAtATime(root, 'build', build))
    .catch((error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    });
}
