/** Lets a child process of a test run the project's TypeScript: `node -r test/support/typescript-hook.js file.ts`. */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  // oxlint-disable-next-line no-underscore-dangle -- the name that Node gives it
  module._compile(code, filename);
};
