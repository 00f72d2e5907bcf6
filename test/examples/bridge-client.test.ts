import { BridgeClient, type ProgramEnrollment } from '../../examples/bridge-client';
import { startHub, type TestHub } from '../support/hub';
import { ProgramFixture } from '../support/programs';
import { bearerOf } from '../support/tokens';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function all(learners: AsyncGenerator<ProgramEnrollment>): Promise<ProgramEnrollment[]> {
  const found: ProgramEnrollment[] = [];
  for await (const learner of learners) found.push(learner);
  return found;
}

describe('a client that was written for Bridge', () => {
  it('enrolls, reads page by page, changes dates and removes', async () => {
    const key = await hub.newKey();
    const fixture = ProgramFixture.of(hub.resources.db, key.applicationId);
    const { id } = await fixture.program();
    const learners = await fixture.learners(7);
    const client = new BridgeClient(hub.url, await bearerOf(hub, key));
    await client.enroll(
      id,
      learners.map((learner) => ({ user_id: learner.id })),
    );
    const read = await all(client.learners(id, { limit: '3', sort: '-name' }));
    expect(read.map(({ name }) => name)).toEqual([6, 5, 4, 3, 2, 1, 0].map((nth) => `First ${nth} Last ${7 - nth}`));
    const [first] = read;
    expect(await client.changeDates(id, first!.enrollment_id, { end_at: '2017-12-31 07:00:00' })).toMatchObject({
      id: first!.id,
      end_at: '2017-12-31T07:00:00.000Z',
    });
    await client.remove(id, first!.enrollment_id);
    expect(await all(client.learners(id))).toHaveLength(6);
    await expect(client.remove(id, first!.enrollment_id)).rejects.toThrow('not_found');
    await expect(client.enroll(id, [{ uid: 'nobody' }])).rejects.toThrow(/^not_found: enrollments\.0\.uid .*nobody/);
  });
});
