import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { approveItem } from '../../src/programs/approve-item';
import { changeEnrollmentDates } from '../../src/programs/change-dates';
import { lifecycleStateOf } from '../../src/programs/enrollment-work';
import { type Enrollment, isLive } from '../../src/programs/enrollment.rules';
import { findEnrollments } from '../../src/programs/enrollments.store';
import { addGroupToProgram, addMembers, removeMembers } from '../../src/programs/group-members';
import type { LearnerRow } from '../../src/programs/learners.store';
import { addDays, type EnrollmentDates, type ProgramSettings } from '../../src/programs/program-settings.rules';
import { removeEnrollment } from '../../src/programs/remove-enrollment';
import { createGroup } from '../../src/programs/save-group';
import type { Program, ProgramItemInput } from '../../src/programs/save-program';
import { sweepEnrollments } from '../../src/programs/sweep-enrollments';
import { waiveCourse } from '../../src/programs/waive-course';
import { EnrollmentModel, type Life, type ModelGroup, type Sighting } from './enrollment-model';
import type { EnrollmentWorkflows } from './enrollment-workflows';
import { ProgramFixture } from './programs';

/** How long all that is left to happen is waited for in the end. */
const horizonDays = 100;
/** Later than the sweep takes a wake to be lost. */
const lateDays = 6 / (24 * 60);

export interface Plan {
  programs: { settings: ProgramSettings; items: ProgramItemInput[] }[];
  /** Of each group, the programs (by their place) that it is a source of. */
  groups: number[][];
  learners: number;
  operations: Operation[];
}

export interface DatesInHours {
  end_at?: number | null;
  expires_at?: number | null;
}

/** Programs, groups, learners and items by their place; hours from the moment at which it happens. */
export type Operation =
  | { name: 'enroll'; program: number; learners: number[]; dates: DatesInHours }
  | { name: 'changeDates'; program: number; learner: number; dates: DatesInHours }
  | { name: 'complete'; learner: number; courseId: string; hours: number }
  | { name: 'approve'; program: number; learner: number; position: number }
  | { name: 'join' | 'leave'; group: number; learner: number }
  | { name: 'waive'; courseId: string }
  | { name: 'remove' | 'terminate'; program: number; learner: number }
  | { name: 'pass'; hours: number }
  | { name: 'sweep' | 'replaceWorker' };

/** What a plan is carried out on: an application of its own, and the model of it. */
export class EnrollmentWorld {
  /** Enrollments whose workflow was terminated, as they were then: nobody looks after them until something changes. */
  private readonly terminated = new Map<number, string>();

  private constructor(
    private readonly workflows: EnrollmentWorkflows,
    private readonly fixture: ProgramFixture,
    private readonly programs: readonly Program[],
    private readonly groups: readonly ModelGroup[],
    private readonly learners: readonly LearnerRow[],
    private readonly model: EnrollmentModel,
  ) {}

  static async create(plan: Plan, workflows: EnrollmentWorkflows): Promise<EnrollmentWorld> {
    const { db, wake } = workflows.hub.resources;
    const fixture = await ProgramFixture.create(db, wake);
    const programs: Program[] = [];
    for (const { settings, items } of plan.programs) programs.push(await fixture.program(settings, items));
    const groups: ModelGroup[] = [];
    for (const places of plan.groups) {
      const { id } = await createGroup(fixture.applicationId, 'Sales', fixture.needs);
      const sourceOf = programs.filter((_, place) => places.includes(place));
      for (const program of sourceOf)
        await addGroupToProgram(
          { applicationId: fixture.applicationId, groupId: id, programId: program.id },
          fixture.needs,
        );
      groups.push({ id, programs: sourceOf });
    }
    const learners = await fixture.learners(plan.learners);
    const model = new EnrollmentModel(fixture.applicationId, programs, learners);
    return new EnrollmentWorld(workflows, fixture, programs, groups, learners, model);
  }

  /** Does an operation, to the hub first, and then to the model. */
  async carryOut(operation: Operation): Promise<void> {
    const now = await this.workflows.now();
    const { applicationId, needs } = this.fixture;
    switch (operation.name) {
      case 'enroll': {
        const program = this.programs[operation.program]!;
        const learners = operation.learners.map((place) => this.learners[place]!.id);
        const dates = datesFrom(now, operation.dates);
        await this.fixture.enroll(
          program.id,
          learners.map((id) => ({ id, ...dates })),
          now,
        );
        await this.see();
        learners.forEach((id) => this.model.enroll(program, id, dates, now));
        break;
      }
      case 'changeDates': {
        const [life, choice] = this.find(operation);
        if (!life) return;
        const dates = datesFrom(now, operation.dates);
        const done = await isDone(changeEnrollmentDates(choice, dates, needs, now));
        await this.see();
        const isAsked = dates.end_at !== undefined || dates.expires_at !== undefined;
        assert.equal(done, this.model.changeDates(life, dates, now) || !isAsked, 'whether dates can be changed');
        break;
      }
      case 'complete': {
        const { id } = this.learners[operation.learner]!;
        const completedAt = hoursFrom(now, operation.hours);
        await this.fixture.complete({ learner: { id }, courseId: operation.courseId, completedAt }, now);
        await this.see();
        this.model.complete(id, operation.courseId, completedAt > now ? now : completedAt, now);
        break;
      }
      case 'approve': {
        const [life, choice] = this.find(operation);
        if (!life) return;
        const { position } = operation;
        const done = await isDone(approveItem({ ...choice, position }, needs, now));
        await this.see();
        assert.equal(done, this.model.approve(life, position, now), 'whether the item can be approved');
        break;
      }
      case 'join':
      case 'leave': {
        const group = this.groups[operation.group]!;
        const { id } = this.learners[operation.learner]!;
        const change = operation.name === 'join' ? addMembers : removeMembers;
        await change({ applicationId, groupId: group.id }, [{ id }], needs, now);
        await this.see();
        this.model[operation.name](group, id, now);
        break;
      }
      case 'waive':
        await this.waive(operation.courseId, now);
        break;
      case 'remove': {
        const [life] = this.find(operation);
        if (!life) return;
        await this.remove(life, now);
        break;
      }
      case 'terminate': {
        const [life] = this.find(operation);
        if (!life || life.record.next_wake_at === null || this.isAsleep(life.record)) return;
        // On this server, one that is terminated in the midst of a task holds time up for ever.
        await this.checkWorkflow(life.record);
        await this.workflows.handleOf(life.record).terminate();
        this.terminated.set(life.record.id, wakeOf(life.record));
        break;
      }
      case 'pass':
        await this.pass(addDays(now, operation.hours / 24));
        break;
      case 'sweep':
        await this.sweep();
        break;
      case 'replaceWorker':
        await this.workflows.replaceWorker();
    }
    await this.follow();
  }

  /** Has all happen that is left to happen until the horizon, and what nobody looks after swept. */
  async end(): Promise<void> {
    const horizon = addDays(await this.workflows.now(), horizonDays);
    for (;;) {
      const asleep = this.model.lives.filter(({ record }) => this.isAsleep(record));
      const wakes = asleep.map(({ record }) => addDays(record.next_wake_at!, lateDays)).filter((at) => at < horizon);
      if (wakes.length === 0) break;
      await this.pass(new Date(Math.min(...wakes.map(Number))));
      await this.sweep();
    }
    await this.pass(horizon);
  }

  /** Ends every enrollment, and so every workflow. */
  async removeAll(): Promise<void> {
    const now = await this.workflows.now();
    for (const life of this.model.lives) if (isLive(life.record)) await this.remove(life, now);
    await this.follow();
  }

  /** Compares every record, timeline, event and workflow with the model. */
  async check(): Promise<void> {
    const { lives } = this.model;
    const sightings = await this.sightings();
    assert.deepEqual(
      sightings.map(({ id }) => id),
      lives.map(({ record }) => record.id).sort((a, b) => a - b),
    );
    const { db } = this.fixture;
    const records = new Map(
      (
        await findEnrollments(
          db,
          sightings.map(({ id }) => id),
        )
      ).map((record) => [record.id, record]),
    );
    for (const life of lives) {
      const { id } = life.record;
      assert.deepEqual(records.get(id), life.record);
      const lines = await db('enrollment_history')
        .where({ enrollment_id: id })
        .orderBy('id')
        .select('type', 'at', 'detail');
      assert.deepEqual(lines, asStored(life.timeline, ['at']));
      const events = await db('hub_events')
        .whereRaw(`data ->> 'enrollmentId' = ?`, [String(id)])
        .orderBy('id')
        .select('event_type', 'member_id', 'happened_at', 'data');
      assert.deepEqual(events, asStored(life.events, ['happened_at']));
      await this.checkWorkflow(life.record);
    }
  }

  /** One runs if, and only if, something is left to happen, and says when and what. */
  private async checkWorkflow(record: Enrollment): Promise<void> {
    if (this.isAsleep(record)) return;
    const expected = shownOf(record);
    await until(
      async () => isDeepStrictEqual(await this.shown(record), expected),
      async () => assert.deepEqual(await this.shown(record), expected),
    );
  }

  private async shown(record: Enrollment): Promise<object | undefined> {
    const described = await this.workflows
      .handleOf(record)
      .describe()
      .catch(() => undefined);
    if (described?.status.name !== 'RUNNING') return undefined;
    const { HubState: state, HubNextWake: wake } = described.searchAttributes;
    return { state, wake, details: await this.workflows.detailsOf(record) };
  }

  private find(of: { program: number; learner: number }) {
    const { id: programId } = this.programs[of.program]!;
    const life = this.model.live(programId, this.learners[of.learner]!.id);
    const choice = { applicationId: this.fixture.applicationId, programId, enrollmentId: life?.record.id ?? 0 };
    return [life, choice] as const;
  }

  private async remove(life: Life, now: Date): Promise<void> {
    const { applicationId, needs } = this.fixture;
    await removeEnrollment({ applicationId, enrollmentId: life.record.id }, needs, now);
    this.model.remove(life, now);
  }

  private async waive(courseId: string, now: Date): Promise<void> {
    const { applicationId, needs } = this.fixture;
    await needs.db.transaction((tx) => waiveCourse(tx, { applicationId, courseId }, now));
    await this.untilHandedOver();
    const handle = this.workflows.env.client.workflow.getHandle(`waive/${applicationId}/${courseId}`);
    const isRunning = async () => (await handle.describe().catch(() => undefined))?.status.name === 'RUNNING';
    await until(async () => !(await isRunning()));
    await this.see();
    this.model.waive(courseId, now);
  }

  private async sweep(): Promise<void> {
    const now = await this.workflows.now();
    await sweepEnrollments(now, this.fixture.needs);
    await this.see();
    for (const life of this.model.lives) {
      const { next_wake_at } = life.record;
      if (this.isAsleep(life.record) && next_wake_at! < addDays(now, -5 / (24 * 60))) this.model.elapse(life, now);
    }
    await this.follow();
  }

  /** Lets time pass from wake to wake. */
  private async pass(end: Date): Promise<void> {
    for (;;) {
      const now = await this.workflows.now();
      if (now >= end) break;
      const wakes = this.model.lives
        .filter(({ record }) => record.next_wake_at !== null && !this.isAsleep(record))
        .map(({ record }) => record.next_wake_at!.getTime() + 1000);
      await this.workflows.env.sleep(Math.max(1, Math.min(...wakes, end.getTime()) - now.getTime()));
      await this.follow();
    }
  }

  /** Waits until the workflows have done what was due until now, and has the model do it. */
  private async follow(): Promise<void> {
    await this.untilHandedOver();
    const now = await this.workflows.now();
    const { db, applicationId } = this.fixture;
    const due = async () => {
      const rows = await db('enrollments')
        .where({ application_id: applicationId })
        .andWhere('next_wake_at', '<=', now)
        .select<Enrollment[]>('id', 'state', 'deleted_at', 'superseded_at', 'next_wake_at', 'next_wake_for');
      return rows.filter((row) => !this.isAsleep(row));
    };
    await until(
      async () => (await due()).length === 0,
      async () => assert.deepEqual(await due(), []),
    );
    await this.untilHandedOver();
    await this.see();
    this.model.pass(now, ({ record }) => !this.isAsleep(record));
  }

  private untilHandedOver(): Promise<void> {
    const { db } = this.workflows.hub.resources;
    return until(async () => !(await db('outbox').where({ task_queue: 'enrollments' }).first<object>('id')));
  }

  private isAsleep(record: Enrollment): boolean {
    return record.next_wake_at !== null && this.terminated.get(record.id) === wakeOf(record);
  }

  private sightings(): Promise<Sighting[]> {
    return this.fixture
      .db('enrollments')
      .where({ application_id: this.fixture.applicationId })
      .orderBy('id')
      .select<Sighting[]>('id', 'program_id', 'learner_id', 'created_at');
  }

  private async see(): Promise<void> {
    this.model.see(await this.sightings());
  }
}

const hoursFrom = (moment: Date, hours: number): Date => addDays(moment, hours / 24);

const datesFrom = (now: Date, dates: DatesInHours): Partial<EnrollmentDates> =>
  Object.fromEntries(
    Object.entries(dates).map(([name, hours]: [string, number | null]) => [
      name,
      hours === null ? null : hoursFrom(now, hours),
    ]),
  );

/** Where one of these is another, a workflow is told. */
const wakeOf = (record: Enrollment): string =>
  JSON.stringify([record.next_wake_at, record.next_wake_for, lifecycleStateOf(record)]);

const reasons = {
  reminder: 'a reminder is due',
  step_due: 'an item’s due date passes',
  overdue: 'the due date passes',
  expire: 'it expires',
  re_enroll: 'it is re-enrolled',
};

function shownOf(record: Enrollment): object | undefined {
  const { next_wake_at: at, next_wake_for: reason, state } = record;
  if (at === null || reason === null) return undefined;
  return {
    state: [state],
    wake: [at],
    details: `${state}. Waiting until ${at.toISOString()}, when ${reasons[reason]}.`,
  };
}

/** As JSON keeps it, but for columns of time. */
const asStored = <T extends object>(rows: readonly T[], times: readonly (keyof T)[]): object[] =>
  rows.map((row) => ({
    ...(JSON.parse(JSON.stringify(row)) as object),
    ...Object.fromEntries(times.map((time) => [time, row[time]])),
  }));

const isDone = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: { kind?: string }) => {
      if (error.kind !== 'conflict' && error.kind !== 'not-found') throw error;
      return false;
    },
  );

/** Waits for what comes of itself. When it does not, `complain` says so. */
async function until(isSo: () => Promise<boolean>, complain?: () => Promise<void>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > end) {
      await complain?.();
      throw new Error('What was waited for has not come.');
    }
    await delay(5);
  }
}
