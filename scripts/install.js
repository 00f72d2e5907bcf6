'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { oneAtATime } = require('./one-at-a-time');

const root = path.resolve(__dirname, '..');

/** Makes node_modules what package-lock.json says, unless it is. */
async function ensureInstalled() {
  requireNode();
  if (isInstalled()) return;
  await oneAtATime(root, 'install', () => {
    if (isInstalled()) return;
    const start = Date.now();
    process.stderr.write('Installing packages (npm ci)…\n');
    // Development packages too, whatever NODE_ENV says: TypeScript is needed to build.
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync('npm', args, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error('npm ci failed: its words are above.');
    process.stderr.write(`Installing packages: ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
  });
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  throw new Error(`Node ${process.versions.node} is too old: 20.20 or newer is needed (https://nodejs.org).`);
}

/** npm keeps a record of what it installed; each package of the lock must be there in its version. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([folder, { version, optional, devOptional }]) => {
    if (folder === '') return true;
    const found = installed[folder];
    // Optional ones are for other systems.
    return found ? found.version === version : Boolean(optional || devOptional);
  });
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

module.exports = { ensureInstalled };
