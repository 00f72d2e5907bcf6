import { startHub, type TestHub } from '../support/hub';
import { authenticationApi, pingApi } from '../support/scorm-cloud';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

describe('GET /api/v2/ping', () => {
  it('tells the vendor’s client that its key, or a token with any scope, is taken', async () => {
    const key = await hub.newKey({ scopes: ['read:course'] });
    const { data: token } = await authenticationApi(hub, key)<{ accessToken: string }>(
      'getAppToken',
      'read:course',
      {},
    );
    for (const credentials of [key, token]) {
      const { status, data } = await pingApi(hub, credentials)<{ currentTime: string }>('pingAppId');
      expect(status).toBe(200);
      expect(Math.abs(Date.parse(data.currentTime) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('refuses a wrong secret', async () => {
    const key = await hub.newKey();
    const { status, error } = await pingApi(hub, { ...key, secret: 'x' })('pingAppId');
    expect([status, typeof error?.message]).toEqual([401, 'string']);
  });
});
