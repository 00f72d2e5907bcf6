import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '../src/http/openapi';
import { operations } from '../src/operations';

describe('openapi.json', () => {
  it('is what the operations say (npm run openapi writes it anew)', () => {
    const file = JSON.parse(readFileSync(path.resolve(__dirname, '../openapi.json'), 'utf8')) as object;
    expect(file).toEqual(JSON.parse(JSON.stringify(openApiDocument(operations, 'http://127.0.0.1:8080'))));
  });
});
