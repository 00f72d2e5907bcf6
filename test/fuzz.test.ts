import { startHub, type TestHub, type TestKey } from './support/hub';
import { schemathesis, whyNoSchemathesis } from './support/schemathesis';

const why = whyNoSchemathesis();
const describeIt = why === undefined ? describe : describe.skip;

/** Every operation with requests made up from openapi.json: valid ones, and ones that the schema forbids. */
describeIt(`the API under made-up requests${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  let hub: TestHub;
  let key: TestKey;

  beforeAll(async () => {
    hub = await startHub({ env: { MAX_UPLOAD_BYTES: '1000000' } });
    key = await hub.newKey({ programs: ['DEMO'] });
  });
  afterAll(() => hub.close());

  it('answers each as its documentation says, and never with a fault of its own', async () => {
    const { code, output } = await schemathesis([
      'run',
      `${hub.url}/openapi.json`,
      `--auth=${key.id}:${key.secret}`,
      '--include-path-regex=^/(api|hub|los|caliper|events)',
      '--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
      '--phases=examples,coverage,fuzzing',
      '--max-examples=25',
      '--seed=1',
      '--no-color',
      '--warnings=off',
      '--request-timeout=20',
    ]);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  }, 300_000);
});
