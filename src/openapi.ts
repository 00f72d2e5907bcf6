import { writeFileSync } from 'node:fs';
import { openApiDocument } from './http/openapi';
import { operations } from './operations';

/** Writes openapi.json, for those who read it without running the hub; a test sees that it is true. */
writeFileSync('openapi.json', `${JSON.stringify(openApiDocument(operations, 'http://127.0.0.1:8080'), null, 2)}\n`);
