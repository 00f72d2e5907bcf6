import { enrollmentEvent } from '../../src/programs/enrollment-events.rules';
import {
  advance,
  approve,
  awaitsApproval,
  changeDates,
  enroll,
  type Enrollment,
  type EnrollmentChange,
  type Facts,
  haveDatesChanged,
  isLive,
  newItems,
  type Outcome,
  remove,
  supersede,
} from '../../src/programs/enrollment.rules';
import type { LearnerRow } from '../../src/programs/learners.store';
import type { EnrollmentDates } from '../../src/programs/program-settings.rules';
import type { Program } from '../../src/programs/save-program';

/** A line of a timeline. */
interface Line {
  type: string;
  at: Date;
  detail: object;
}

/** What has to be known of an enrollment: its record, its timeline, and the hub's events about it. */
export interface Life {
  record: Enrollment;
  timeline: Line[];
  events: { event_type: string; member_id: string; happened_at: Date; data: object }[];
  /** Groups; null: individually. */
  sources: Set<number | null>;
}

/** Of the enrollments that were made, what the rules do not say: their ids, and when a workflow came to make them. */
export type Sighting = Pick<Enrollment, 'id' | 'program_id' | 'learner_id' | 'created_at'>;

export interface ModelGroup {
  id: number;
  programs: readonly Program[];
}

/** So soon a workflow does what time brings, on a server that stands still meanwhile. */
const promptDays = 1 / 24;

/**
 * The rules applied directly, without a database, workflows or clocks: what the verbs have to come to. Each operation is
 * told when it happened, and comes after `see`.
 */
export class EnrollmentModel {
  readonly lives: Life[] = [];
  private sightings: readonly Sighting[] = [];
  private readonly completions: { learnerId: number; courseId: string; at: Date }[] = [];
  private readonly waived = new Map<number, Date>();

  constructor(
    private readonly applicationId: string,
    private readonly programs: readonly Program[],
    private readonly learners: readonly LearnerRow[],
  ) {}

  /** Takes notice of the enrollments that there are, by id ascending. */
  see(sightings: readonly Sighting[]): void {
    this.sightings = sightings;
  }

  live(programId: number, learnerId: number): Life | undefined {
    return this.of(programId, learnerId).find(({ record }) => isLive(record));
  }

  enroll(program: Program, learnerId: number, dates: Partial<EnrollmentDates>, now: Date): void {
    this.enrollFrom(null, program, learnerId, dates, now);
  }

  /** Answers whether it can be done, as `approve` does. */
  changeDates(life: Life, dates: Partial<EnrollmentDates>, now: Date): boolean {
    const outcome = changeDates(life.record, dates, this.factsOf(life.record), now);
    const isRefused = outcome.reEnrolls && !haveDatesChanged(outcome);
    if (!isRefused) this.apply(life, outcome, now);
    return !isRefused;
  }

  approve(life: Life, position: number, now: Date): boolean {
    const before = advance(life.record, this.factsOf(life.record), now);
    const item = before.enrollment.items[position];
    if (!item?.requires_approval) return false;
    if (item.state !== 'pending') this.apply(life, before, now);
    else if (before.reEnrolls || !awaitsApproval(before.enrollment, item)) return false;
    else this.apply(life, approve(life.record, position, this.factsOf(life.record), now), now);
    return true;
  }

  remove(life: Life, now: Date): void {
    life.sources.clear();
    this.apply(life, remove(life.record, this.factsOf(life.record), now), now);
  }

  complete(learnerId: number, courseId: string, at: Date, now: Date): void {
    this.completions.push({ learnerId, courseId, at });
    for (const life of this.lives.filter(({ record }) => record.learner_id === learnerId))
      if (awaits(life, (item) => item.course_id === courseId))
        this.apply(life, advance(life.record, this.factsOf(life.record), now), now);
  }

  waive(courseId: string, now: Date): void {
    for (const { id } of this.programs.flatMap(({ items }) => items.filter((item) => item.course_id === courseId)))
      if (!this.waived.has(id)) this.waived.set(id, now);
    for (const life of this.lives) if (awaits(life, (item) => item.course_id === courseId)) this.elapse(life, now);
  }

  join(group: ModelGroup, learnerId: number, now: Date): void {
    for (const program of group.programs) this.enrollFrom(group.id, program, learnerId, {}, now);
  }

  leave(group: ModelGroup, learnerId: number, now: Date): void {
    for (const life of this.lives) {
      if (!isLive(life.record) || life.record.learner_id !== learnerId || !life.sources.delete(group.id)) continue;
      life.timeline.push({ type: 'source_removed', at: now, detail: { group_id: group.id } });
      if (life.sources.size === 0) this.remove(life, now);
    }
  }

  /** Until now time has passed, and those have been looked after for whom this answers true: promptly. */
  pass(now: Date, isAwake: (life: Life) => boolean): void {
    for (const life of this.lives) if (isLive(life.record) && isAwake(life)) this.elapse(life, now, promptDays);
  }

  /** The same for one, however late. */
  elapse(life: Life, now: Date, withinDays = Infinity): void {
    const outcome = advance(life.record, this.factsOf(life.record), now);
    if (!outcome.reEnrolls) return this.apply(life, outcome, now);
    const { created_at: madeAt } = this.next(life.record);
    const { renew_at: dueAt } = outcome.enrollment;
    if (madeAt < dueAt! || madeAt.getTime() > dueAt!.getTime() + withinDays * 86_400_000)
      throw new Error(`Re-enrolled at ${madeAt.toISOString()}, which was due at ${dueAt!.toISOString()}.`);
    this.follow(life, outcome, { countsFrom: dueAt, now: madeAt });
  }

  private enrollFrom(
    source: number | null,
    program: Program,
    learner_id: number,
    dates: Partial<EnrollmentDates>,
    now: Date,
  ): void {
    const life = this.live(program.id, learner_id);
    if (life) this.enrollAgain(life, source, dates, now);
    else {
      const removed = this.of(program.id, learner_id).at(-1)?.record;
      const counts_from = removed?.counts_from ?? null;
      this.make({ program, learner_id, dates, counts_from, previous_id: removed?.id ?? null }, new Set(), now);
    }
    const enrolled = this.live(program.id, learner_id)!;
    if (enrolled.sources.has(source)) return;
    enrolled.sources.add(source);
    enrolled.timeline.push({ type: 'source_added', at: now, detail: { group_id: source } });
  }

  private enrollAgain(life: Life, source: number | null, dates: Partial<EnrollmentDates>, now: Date): void {
    const wasComplete = life.record.state === 'complete';
    const outcome = changeDates(life.record, wasComplete ? {} : dates, this.factsOf(life.record), now);
    const ahead = haveDatesChanged(outcome) ? {} : dates;
    if (outcome.reEnrolls) this.follow(life, outcome, { countsFrom: outcome.enrollment.renew_at, now, dates: ahead });
    else if (source === null && wasComplete) this.follow(life, outcome, { countsFrom: now, now, dates });
    else this.apply(life, outcome, now);
  }

  private make(
    {
      program,
      ...given
    }: Pick<Enrollment, 'learner_id' | 'counts_from' | 'previous_id'> & {
      program: Program;
      dates: Partial<EnrollmentDates>;
    },
    sources: Set<number | null>,
    now: Date,
  ): void {
    const offered = program.items.filter(({ id }) => !this.waived.has(id));
    const all = offered.map(({ id, course_id, title, requires_approval, days_until_due }) => {
      return { item_id: id, course_id, title, requires_approval, days_until_due };
    });
    const items = newItems(all, now);
    const { id } = this.next({ program_id: program.id, learner_id: given.learner_id });
    const of = { id, application_id: this.applicationId, program_id: program.id, settings: program.settings };
    const outcome = enroll({ ...given, ...of, items }, this.factsOf(given), now);
    const life: Life = { record: outcome.enrollment, timeline: [], events: [], sources };
    this.lives.push(life);
    this.apply(life, outcome, now);
  }

  private follow(
    life: Life,
    outcome: Outcome,
    { countsFrom, now, dates = {} }: { countsFrom: Date | null; now: Date; dates?: Partial<EnrollmentDates> },
  ): void {
    const { id: previous_id, program_id, learner_id } = life.record;
    const program = this.programs.find(({ id }) => id === program_id)!;
    this.apply(life, supersede(outcome, this.next(life.record).id, now), now);
    this.make({ program, learner_id, counts_from: countsFrom, previous_id, dates }, new Set(life.sources), now);
  }

  private apply(life: Life, outcome: Outcome, now: Date): void {
    if (outcome.reEnrolls)
      return this.follow(life, { ...outcome, reEnrolls: false }, { countsFrom: outcome.enrollment.renew_at, now });
    life.record = outcome.enrollment;
    outcome.changes.forEach((change) => this.tell(life, change));
  }

  private tell(life: Life, change: EnrollmentChange): void {
    life.timeline.push(change);
    const { uid } = this.learners.find(({ id }) => id === life.record.learner_id)!;
    const { type, memberId, at, data } = enrollmentEvent(life.record, uid, change);
    life.events.push({ event_type: type, member_id: memberId!, happened_at: at, data });
  }

  private of(programId: number, learnerId: number): Life[] {
    return this.lives.filter(({ record }) => record.program_id === programId && record.learner_id === learnerId);
  }

  /** The enrollment of the learner in the program that the model does not have yet. */
  private next({ program_id, learner_id }: Pick<Enrollment, 'program_id' | 'learner_id'>): Sighting {
    const seen = this.sightings.filter((one) => one.program_id === program_id && one.learner_id === learner_id);
    const next = seen[this.of(program_id, learner_id).length];
    if (!next) throw new Error(`Learner ${learner_id} was not enrolled once more in program ${program_id}.`);
    return next;
  }

  private factsOf({ learner_id, counts_from }: Pick<Enrollment, 'learner_id' | 'counts_from'>): Facts {
    const completions = new Map<string, Date>();
    for (const { learnerId, courseId, at } of this.completions) {
      const first = completions.get(courseId);
      if (learnerId !== learner_id || (counts_from !== null && at < counts_from)) continue;
      if (first === undefined || at < first) completions.set(courseId, at);
    }
    return { completions, waived: this.waived };
  }
}

const awaits = ({ record }: Life, isMeant: (item: Enrollment['items'][number]) => boolean): boolean =>
  isLive(record) && record.state === 'active' && record.items.some((item) => item.state === 'pending' && isMeant(item));
