'use strict';

// node scripts/summarise-tests.js FILE: one line out of what `jest --json --outputFile=FILE` wrote.

const fs = require('node:fs');

function summaryOf(file) {
  if (!fs.existsSync(file)) return '0 passed, 1 failed';
  const results = JSON.parse(fs.readFileSync(file, 'utf8'));
  // A file that could not be run holds tests that nobody has counted.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

process.stdout.write(`${summaryOf(process.argv[2])}\n`);
