import type { RegistrationRow } from '../../src/player/registrations.store';
import type { Enrollment } from '../../src/programs/enrollment.rules';
import type { LearnerRow } from '../../src/programs/learners.store';
import { recordWaiting } from '../../src/programs/relay-completions';
import type { ProgramSettings } from '../../src/programs/program-settings.rules';
import type { ProgramItemInput } from '../../src/programs/save-program';
import type { PackageContents } from './course-packages';
import type { TestHub, TestKey } from './hub';
import { type HubApi, hubApi } from './hub-api';
import { importCourse, openSession } from './player';
import { ProgramFixture } from './programs';
import { type CallCourseApi, courseApi } from './scorm-cloud';

export interface Enrolled {
  programId: number;
  learner: LearnerRow;
  enrollment: Enrollment;
}

const passed = { 'cmi.core.lesson_status': 'passed' };

/** An application whose learners launch courses, and what is kept of that. */
export class LaunchFixture {
  readonly api: HubApi;
  readonly call: CallCourseApi;
  readonly programs: ProgramFixture;

  constructor(
    readonly hub: TestHub,
    readonly key: TestKey,
  ) {
    this.api = hubApi(hub, key);
    this.call = courseApi(hub, key);
    this.programs = ProgramFixture.of(hub.resources.db, key.applicationId);
  }

  import(courseId: string, contents: PackageContents, options?: object): Promise<void> {
    return importCourse(this.hub, this.call, courseId, contents, options);
  }

  async enrolled(settings: Partial<ProgramSettings> = {}, items?: readonly ProgramItemInput[]): Promise<Enrolled> {
    const { id: programId } = await this.programs.program(settings, items);
    const learner = await this.programs.learner();
    await this.programs.enroll(programId, [{ id: learner.id }]);
    return { programId, learner, enrollment: await this.programs.enrollment(programId, learner.id) };
  }

  /** The session of a new launch of an enrollment's item, opened. */
  async open({ enrollment }: Pick<Enrolled, 'enrollment'>, position = 0, request: object = {}): Promise<string> {
    return openSession(await this.link(`/enrollments/${enrollment.id}/items/${position}/launch`, request));
  }

  /** The same of a course, without a program. */
  async openCourse({ id }: Pick<LearnerRow, 'id'>, courseId: string, request: object = {}): Promise<string> {
    return openSession(await this.link(`/learners/${id}/courses/${courseId}/launch`, request));
  }

  async link(path: string, request: object = {}): Promise<string> {
    return (await this.api.post<{ launchLink: string }>(path, request, 201)).launchLink;
  }

  /** Records what launches have completed, as the worker does. */
  async record(): Promise<void> {
    while ((await recordWaiting(this.hub.resources)) > 0);
  }

  registrations({ id }: Pick<LearnerRow, 'id'>): Promise<RegistrationRow[]> {
    return this.hub.resources.db<RegistrationRow>('registrations').where({ learner_id: id }).orderBy('id');
  }

  async items({ enrollment }: Enrolled): Promise<string[]> {
    const shown = await this.api.get<{ items: { state: string }[] }>(`/enrollments/${enrollment.id}`);
    return shown.items.map(({ state }) => state);
  }

  completions({ id }: Pick<LearnerRow, 'id'>): Promise<{ door: string; source_id: string; course_id: string }[]> {
    return this.hub.resources
      .db('completions')
      .where({ learner_id: id })
      .orderBy('id')
      .select<{ door: string; source_id: string; course_id: string }[]>('door', 'source_id', 'course_id');
  }
}

/** What the page sends of its first item. */
export const commit = (session: string, values: Record<string, string> = passed, number = 1): Promise<Response> =>
  fetch(`${session}commit`, {
    method: 'POST',
    body: JSON.stringify({
      opening: 1,
      number,
      current: 'a',
      activity: { id: 'a', session: 1, ended: false, values, seconds: 0 },
    }),
  });

/** The same as the last of the launch. */
export const leave = (session: string, number = 9): Promise<Response> =>
  fetch(`${session}commit`, {
    method: 'POST',
    body: JSON.stringify({ opening: 1, number, current: null, leaves: true }),
  });
