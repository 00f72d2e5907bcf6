'use strict';

// node scripts/run.js ENTRY ARGS…: installs and builds what is missing, then runs dist/ENTRY.js with ARGS.
// In this very process: signals, exit code, terminal and standard input are the entry's own, with nothing in between.

const { Module } = require('node:module');
const path = require('node:path');
const { ensureBuilt } = require('./build');
const { ensureInstalled } = require('./install');

async function main() {
  const entry = process.argv[2];
  if (!entry) throw new Error('Usage: node scripts/run.js ENTRY ARGS…, for instance src/start');
  await ensureInstalled();
  await ensureBuilt();
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, 2, path.resolve(__dirname, '..', 'dist', `${entry}.js`));
  Module.runMain();
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
