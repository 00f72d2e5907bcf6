'use strict';

// npm test: installs and builds what is missing, then runs Jest with the arguments given; its set-up does the rest.

const { spawn } = require('node:child_process');
const path = require('node:path');
const { ensureBuilt } = require('./build');
const { ensureInstalled } = require('./install');

async function main() {
  await ensureInstalled();
  await ensureBuilt();
  const jest = path.resolve(__dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal's Ctrl-C reaches Jest by itself; we stay to pass on how it ended.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
