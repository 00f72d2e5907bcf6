import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../src/config';

const root = path.resolve(__dirname, '..');
const required = { DATABASE_URL: 'postgres://localhost/hub', HUB_SECRET: Buffer.alloc(32).toString('base64') };

describe('the settings', () => {
  it('are all described in docs/operations.md', () => {
    const source = readFileSync(path.join(root, 'src/config.ts'), 'utf8');
    const names = [...source.matchAll(/read\.\w+(?:<\w+>)?\(\s*'([A-Z_]+)'/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(20);
    const described = readFileSync(path.join(root, 'docs/operations.md'), 'utf8');
    expect(names.filter((name) => !described.includes(`\`${name}\``))).toEqual([]);
  });

  it('that are wrong are reported together', () => {
    const wrong = { PORT: '70000', HUB_SECRET: 'short', LOG_LEVEL: 'loud', WORKER_QUEUES: 'imports,exports' };
    for (const name of ['PORT', 'HUB_SECRET', 'DATABASE_URL', 'LOG_LEVEL', 'exports']) {
      expect(() => readConfig(wrong)).toThrow(new RegExp(name));
    }
  });

  it('refuse the demo key in production, whatever HUB_DEMO says', () => {
    expect(readConfig({ ...required, HUB_DEMO: '1' }).demo).toBe(true);
    expect(readConfig({ ...required, HUB_DEMO: '1', NODE_ENV: 'production' }).demo).toBe(false);
  });

  it('reach any Temporal by its standard variables', () => {
    const { temporal } = readConfig({
      ...required,
      TEMPORAL_ADDRESS: 'cloud.example.com:7233',
      TEMPORAL_NAMESPACE: 'hub.prod',
      TEMPORAL_API_KEY: 'key',
    });
    expect(temporal.connection).toMatchObject({
      namespace: 'hub.prod',
      connectionOptions: { address: 'cloud.example.com:7233', apiKey: 'key', tls: true },
    });
  });
});
