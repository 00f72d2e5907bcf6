import { readyTable, type ReadyFacts } from '../../src/local/ready-table';

const facts: ReadyFacts = {
  apiUrl: 'http://127.0.0.1:8080',
  playerUrl: 'http://127.0.0.1:8081',
  uiUrl: 'http://127.0.0.1:8233',
  dataFolder: '/hub/data',
  whyThere: undefined,
  postgres: '127.0.0.1:5433/learning_hub',
  hasDemoKey: true,
  isOpenToOthers: false,
  adminKeyFile: '/hub/data/admin-key.json',
  logFolder: '/hub/data/logs',
};

describe('the table of npm start', () => {
  it.each<[string, Partial<ReadyFacts>, RegExp]>([
    ['the api', {}, /API +│ http:\/\/127\.0\.0\.1:8080 /],
    ['the player', {}, /Player +│ http:\/\/127\.0\.0\.1:8081 /],
    ['the docs', {}, /Docs +│ http:\/\/127\.0\.0\.1:8080\/docs /],
    ['the demo key', {}, /Demo key +│ demo \/ demo-secret +│\n│ Admin/],
    [
      'that other machines can use the demo key',
      { isOpenToOthers: true },
      /HOST lets other machines in, with this key/,
    ],
    [
      'that there is no demo key',
      { hasDemoKey: false, isOpenToOthers: true },
      /Demo key +│ none: NODE_ENV=production +│\n│ Admin/,
    ],
    ['that the Web UI is somewhere else', { uiUrl: undefined }, /Web UI +│ your Temporal's own/],
    ['why the data are somewhere else', { whyThere: 'closed' }, /\/hub\/data +│\n│ +│ \(closed\)/],
  ])('says %s', (_what, more, row) => {
    expect(readyTable({ ...facts, ...more })).toMatch(row);
  });
});
