'use strict';

// node scripts/build-player.js [FOLDER]: compiles what the player's page loads, and copies its styles; into dist/browser by itself.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const source = path.join(root, 'src', 'player', 'browser');

function buildPlayer(folder = path.join(root, 'dist', 'browser')) {
  fs.rmSync(folder, { recursive: true, force: true });
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', source, '--outDir', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the player’s page does not compile:\n${stdout}${stderr}`);
  for (const file of fs.readdirSync(source).filter((name) => name.endsWith('.css'))) {
    fs.copyFileSync(path.join(source, file), path.join(folder, file));
  }
}

module.exports = { buildPlayer };

if (require.main === module) {
  try {
    buildPlayer(process.argv[2]);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
