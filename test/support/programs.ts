import { v7 as uuid } from 'uuid';
import { insertApplication } from '../../src/applications/applications.store';
import type { Database } from '../../src/database/connection';
import type { Enrollment } from '../../src/programs/enrollment.rules';
import { enrollLearners, type LearnerToEnroll } from '../../src/programs/enroll-learners';
import { addGroupToProgram, addMembers } from '../../src/programs/group-members';
import { createGroup } from '../../src/programs/save-group';
import { findEnrollments, listHistory } from '../../src/programs/enrollments.store';
import type { LearnerRow } from '../../src/programs/learners.store';
import type { ProgramSettings } from '../../src/programs/program-settings.rules';
import { type CompletionReport, recordCompletions } from '../../src/programs/record-completions';
import { type LearnerInput, saveLearners } from '../../src/programs/save-learners';
import { createProgram, type Program, type ProgramItemInput } from '../../src/programs/save-program';
import type { EnrollmentNeeds } from '../../src/programs/write-enrollments';

const courses: readonly ProgramItemInput[] = [{ course_id: 'golf' }, { course_id: 'putting' }];

/** An application with learners and programs, as the verbs make them. */
export class ProgramFixture {
  readonly needs: EnrollmentNeeds;

  private constructor(
    readonly db: Database,
    readonly applicationId: string,
  ) {
    this.needs = { db, wake: () => undefined };
  }

  static async create(db: Database): Promise<ProgramFixture> {
    const { id } = await insertApplication(db, uuid(), `programs ${uuid()}`);
    return ProgramFixture.of(db, id);
  }

  /** Of an application that is there. */
  static of(db: Database, applicationId: string): ProgramFixture {
    return new ProgramFixture(db, applicationId);
  }

  program(
    settings: Partial<ProgramSettings> = {},
    items: readonly ProgramItemInput[] = courses,
    now?: Date,
  ): Promise<Program> {
    return createProgram(this.applicationId, { title: 'Golf for all', settings, items }, this.needs, now);
  }

  save(inputs: readonly LearnerInput[]): Promise<LearnerRow[]> {
    return saveLearners(this.applicationId, inputs, this.needs);
  }

  /** A group of learners that is a source of a program; its id. */
  async group(name: string, learnerIds: readonly number[], programId: number): Promise<number> {
    const { id: groupId } = await createGroup(this.applicationId, name, this.needs);
    const choice = { applicationId: this.applicationId, groupId };
    await addMembers(
      choice,
      learnerIds.map((id) => ({ id })),
      this.needs,
    );
    await addGroupToProgram({ ...choice, programId }, this.needs);
    return groupId;
  }

  /** Learners `{prefix}0`, `{prefix}1`… with an email each. */
  learners(count: number, prefix = `learner-${uuid()}-`): Promise<LearnerRow[]> {
    const inputs = Array.from({ length: count }, (_, nth) => ({
      uid: `${prefix}${nth}`,
      email: `${prefix}${nth}@example.com`,
      first_name: `First ${nth}`,
      last_name: `Last ${count - nth}`,
    }));
    return this.save(inputs);
  }

  async learner(): Promise<LearnerRow> {
    return (await this.learners(1))[0]!;
  }

  enroll(programId: number, learners: readonly LearnerToEnroll[], now?: Date): Promise<void> {
    return enrollLearners({ applicationId: this.applicationId, programId, learners }, this.needs, now);
  }

  complete(report: Omit<CompletionReport, 'door'> & { door?: CompletionReport['door'] }, now?: Date): Promise<void> {
    return recordCompletions(this.applicationId, [{ door: 'hub', ...report }], this.needs, now);
  }

  /** A learner's enrollments in a program, the oldest first. */
  async enrollments(programId: number, learnerId: number): Promise<Enrollment[]> {
    const ids = await this.db('enrollments')
      .where({ program_id: programId, learner_id: learnerId })
      .pluck<number[]>('id');
    return findEnrollments(this.db, ids);
  }

  /** The last of them. */
  async enrollment(programId: number, learnerId: number): Promise<Enrollment> {
    return (await this.enrollments(programId, learnerId)).at(-1)!;
  }

  /** The types of an enrollment's timeline, in its order. */
  async story({ id }: Pick<Enrollment, 'id'>): Promise<string[]> {
    return (await listHistory(this.db, id, { after: 0, limit: 1000 })).map(({ type }) => type);
  }

  /** The types of the hub's events about an enrollment. */
  async events({ id }: Pick<Enrollment, 'id'>): Promise<string[]> {
    return this.db('hub_events')
      .whereRaw(`data ->> 'enrollmentId' = ?`, [String(id)])
      .orderBy('id')
      .pluck<string[]>('event_type');
  }

  /** What waits in the outbox for an enrollment's workflow. */
  async work({ id }: Pick<Enrollment, 'id'>): Promise<{ action: string; signal: string | null }[]> {
    return this.db('outbox')
      .where({ workflow_id: `enrollment/${id}` })
      .orderBy('id')
      .select<{ action: string; signal: string | null }[]>('action', 'signal');
  }
}
