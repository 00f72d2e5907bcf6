'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * Does the work while no other process of this checkout does work of that name: two commands in two terminals
 * must not install or build into each other.
 */
async function oneAtATime(root, name, work) {
  const lock = path.join(root, '.cache', `${name}.lock`);
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  while (!take(lock)) await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(lock)) fs.rmSync(lock, { force: true });
    return false;
  }
}

/** A lock without a number is being written at this moment. */
function isHeld(lock) {
  try {
    const holder = Number(fs.readFileSync(lock, 'utf8'));
    if (holder === 0) return true;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { oneAtATime };
