import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startHub, type TestHub } from '../support/hub';
import { type HubWorkers, startWorkers } from '../support/hub-workers';
import { type CallCourseApi, courseApi, ended, type JobStatus } from '../support/scorm-cloud';
import { devServer } from '../support/temporal';

/** A collection of real packages with what an import should find; not part of the project. */
const folder = path.resolve(__dirname, '../../../shared/packages');
const indexFile = path.join(folder, 'index.json');

interface IndexEntry {
  file: string;
  outcome: string;
  expect: { standard?: string; title?: string; items?: number; aus?: number; topLevelItems?: [string, string][] };
}

interface ShownActivity {
  title: string;
  itemIdentifier: string;
  activityType: string;
  href?: string;
  children: ShownActivity[];
}

const indexed: IndexEntry[] = existsSync(indexFile)
  ? (JSON.parse(readFileSync(indexFile, 'utf8')) as IndexEntry[])
  : [];
const why = indexed.length > 0 ? '' : ' (skipped: ../shared/packages is absent)';
const describeThem = indexed.length > 0 ? describe : describe.skip;

const walk = (activity: ShownActivity): ShownActivity[] => [activity, ...activity.children.flatMap(walk)];

describeThem(`real packages, uploaded through the vendor’s client${why}`, () => {
  let hub: TestHub;
  let workers: HubWorkers;
  let call: CallCourseApi;
  const agreed: string[] = [];

  beforeAll(async () => {
    hub = await startHub();
    workers = await startWorkers(hub, await devServer(), ['imports']);
    call = courseApi(hub, await hub.newKey());
  });
  afterAll(async () => {
    process.stdout.write(`${agreed.length} of ${indexed.length} imports agree with the index.\n`);
    await workers.stop();
    await (await devServer()).remove();
    await hub.close();
  });

  async function imported(file: string): Promise<JobStatus> {
    const { data } = await call<{ result: string }>('createUploadAndImportCourseJob', file, {
      file: readFileSync(path.join(folder, file)),
      // A Buffer has no name: a media file has to say what it is.
      ...(/\.(pdf|mp4|mp3)$/.test(file) ? { uploadedContentType: mediaTypes[path.extname(file)] } : {}),
    });
    return ended(call, data.result);
  }
  const mediaTypes: Record<string, string> = { '.pdf': 'application/pdf', '.mp4': 'video/mp4', '.mp3': 'audio/mpeg' };

  const complete = indexed.filter(({ outcome }) => outcome.startsWith('COMPLETE'));
  const refused = indexed.filter(({ outcome }) => outcome === 'ERROR');

  it.each(complete)('$file: $outcome', async ({ file, outcome, expect: wanted }) => {
    const { status, importResult } = await imported(file);
    expect(status).toBe('COMPLETE');
    const { course, parserWarnings } = importResult!;
    const root = course['rootActivity'] as ShownActivity;
    const found: IndexEntry['expect'] = {
      standard: course.courseLearningStandard,
      title: course.title,
      items: walk(root).length - 1,
      aus: walk(root).filter(({ activityType }) => activityType === 'SCO').length,
      topLevelItems: root.children.map(({ title, itemIdentifier }) => [title, itemIdentifier]),
    };
    const isCompared = ([name]: [string, unknown]): boolean => name in found;
    expect(found).toMatchObject(Object.fromEntries(Object.entries(wanted).filter(isCompared)));
    expect(walk(root).some(({ href }) => href !== undefined)).toBe(true);
    expect(parserWarnings.length > 0 || !outcome.includes('parserWarnings')).toBe(true);
    agreed.push(file);
  });

  it.each(refused)('$file: $outcome', async ({ file }) => {
    const { status, message } = await imported(file);
    expect(status).toBe('ERROR');
    expect(message.length).toBeGreaterThan(20);
    agreed.push(file);
  });
});
