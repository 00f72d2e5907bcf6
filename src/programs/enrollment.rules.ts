import { addDays, datesOf, type EnrollmentDates, type ProgramSettings } from './program-settings.rules';

/*
 * What becomes of an enrollment: pure, so that it does not matter when, how often and by whom it is asked. Each function
 * first does what time has brought (in the order of time, under the dates that held then), and then what it is called for.
 */

export type EnrollmentState = 'active' | 'complete';
export type WakeReason = 'reminder' | 'step_due' | 'overdue' | 'expire' | 're_enroll';

export interface EnrollmentItem {
  /** From 0. */
  position: number;
  /** The program's item it was made of. */
  item_id: number;
  /** Null for a step that needs approval. */
  course_id: string | null;
  title: string | null;
  requires_approval: boolean;
  due_at: Date | null;
  state: 'pending' | 'complete' | 'waived';
  completed_at: Date | null;
  overdue_told: boolean;
}

/** What lists show and are sorted by, and what the workflow waits for: it follows from the rest. */
export interface EnrollmentSummary {
  /** The first item that is not done, from 0; `total_items` when all are. */
  current_item_index: number;
  total_items: number;
  pending_approvals: number;
  /** Items done, in ten-thousandths of all. */
  progress: number;
  /** Of the current item. */
  course_due_at: Date | null;
  renew_at: Date | null;
  next_wake_at: Date | null;
  next_wake_for: WakeReason | null;
}

export interface Enrollment extends EnrollmentSummary {
  id: number;
  application_id: string;
  program_id: number;
  learner_id: number;
  previous_id: number | null;
  settings: ProgramSettings;
  /** Completions before it do not count; null: all do. */
  counts_from: Date | null;
  state: EnrollmentState;
  created_at: Date;
  /** When it is due. */
  end_at: Date | null;
  expires_at: Date | null;
  completed_at: Date | null;
  /** The `end_at` that was told of as missed. */
  overdue_at: Date | null;
  /** The `expires_at` that was told of. */
  expired_at: Date | null;
  superseded_at: Date | null;
  deleted_at: Date | null;
  /** Days before `end_at` that are still to be reminded of. */
  reminders_left: number[];
  items: readonly EnrollmentItem[];
}

export type ChangeType =
  | 'enrolled'
  | 'reminded'
  | 'step_completed'
  | 'step_overdue'
  | 'overdue'
  | 'completed'
  | 'expired'
  | 're_enrolled'
  | 'removed'
  | 'dates_changed';

/** Something that happened to an enrollment: a line of its timeline, and an event of the hub. */
export interface EnrollmentChange {
  type: ChangeType;
  /** When it happened, which is before it was noticed where the hub was late. */
  at: Date;
  /** Ids, states and dates; nothing personal. */
  detail: object;
}

/** What is known beside the record. */
export interface Facts {
  /** When each course was first completed, of the completions that count. */
  completions: ReadonlyMap<string, Date>;
  /** When items were waived, by the program's item id. */
  waived: ReadonlyMap<number, Date>;
}

export const noFacts: Facts = { completions: new Map(), waived: new Map() };

export interface Outcome {
  /** The same object where nothing changed. */
  enrollment: Enrollment;
  changes: EnrollmentChange[];
  /** Its time to be re-enrolled has come: another is to take its place (`supersede`). Nothing else is done to it. */
  reEnrolls: boolean;
}

export const isLive = ({ deleted_at, superseded_at }: Enrollment): boolean =>
  deleted_at === null && superseded_at === null;

export type NewItem = Pick<EnrollmentItem, 'item_id' | 'course_id' | 'title' | 'requires_approval'> & {
  days_until_due: number | null;
};

/** A program's items as they are in what is enrolled at a moment. All who are enrolled then can have the same. */
export const newItems = (items: readonly NewItem[], now: Date): EnrollmentItem[] =>
  items.map(({ days_until_due, ...item }, position) => ({
    ...item,
    position,
    due_at: days_until_due === null ? null : addDays(now, days_until_due),
    state: 'pending',
    completed_at: null,
    overdue_told: false,
  }));

export interface NewEnrollment extends Pick<
  Enrollment,
  'id' | 'application_id' | 'program_id' | 'learner_id' | 'previous_id' | 'settings' | 'counts_from' | 'items'
> {
  /** In place of those that follow from the settings; null for none. */
  dates?: Partial<EnrollmentDates>;
}

/** Makes an enrollment. What was completed before counts at once, and what is past by then is not reminded of. */
export function enroll(given: NewEnrollment, facts: Facts, now: Date): Outcome {
  const { end_at, expires_at } = { ...datesOf(given.settings, now), ...definedOnly(given.dates) };
  const { previous_id } = given;
  // Each member by its name: gathering those of ten thousand takes a second.
  const enrollment: Enrollment = {
    id: given.id,
    application_id: given.application_id,
    program_id: given.program_id,
    learner_id: given.learner_id,
    previous_id,
    settings: given.settings,
    counts_from: given.counts_from,
    state: 'active',
    created_at: now,
    end_at,
    expires_at,
    completed_at: null,
    overdue_at: null,
    expired_at: null,
    superseded_at: null,
    deleted_at: null,
    reminders_left: remindersAhead(given.settings, end_at, now),
    items: given.items,
    ...emptySummary,
  };
  const detail = { end_at, expires_at, ...(previous_id !== null && { previous_id }) };
  const made: Outcome = { enrollment, changes: [{ type: 'enrolled', at: now, detail }], reEnrolls: false };
  return summarized(passTime(completeItems(made, facts), now));
}

/** Does what time and the facts have brought until now. The same again, or sooner, brings nothing. */
export const advance = (enrollment: Enrollment, facts: Facts, now: Date): Outcome =>
  isLive(enrollment)
    ? summarized(completeItems(passTime(unchanged(enrollment), now), facts))
    : summarized(unchanged(enrollment));

/** Sets dates; null clears one, undefined leaves it. Reminders that lie ahead are armed again. */
export function changeDates(enrollment: Enrollment, dates: Partial<EnrollmentDates>, facts: Facts, now: Date): Outcome {
  const before = advance(enrollment, facts, now);
  const { end_at, expires_at } = { ...before.enrollment, ...definedOnly(dates) };
  const isDueNew = !isSame(end_at, before.enrollment.end_at);
  const isExpiryNew = !isSame(expires_at, before.enrollment.expires_at);
  if (before.reEnrolls || !isLive(enrollment) || (!isDueNew && !isExpiryNew)) return before;
  const changed: Enrollment = {
    ...before.enrollment,
    ...(isDueNew && { end_at, overdue_at: null, reminders_left: remindersAhead(enrollment.settings, end_at, now) }),
    ...(isExpiryNew && { expires_at, expired_at: null }),
  };
  const change: EnrollmentChange = { type: 'dates_changed', at: now, detail: { end_at, expires_at } };
  return summarized(passTime({ ...before, enrollment: changed, changes: [...before.changes, change] }, now));
}

/** Not where its time to be re-enrolled had come before. */
export const haveDatesChanged = ({ changes }: Outcome): boolean => changes.some(({ type }) => type === 'dates_changed');

/** Whether an item can be done now. */
export const isOpen = (enrollment: Enrollment, { position }: Pick<EnrollmentItem, 'position'>): boolean =>
  isLive(enrollment) && openItems(enrollment).some((item) => item.position === position);

/** Whether an item waits for somebody's approval now. */
export const awaitsApproval = (enrollment: Enrollment, { position }: Pick<EnrollmentItem, 'position'>): boolean =>
  isLive(enrollment) && openItems(enrollment).some((item) => item.position === position && item.requires_approval);

/** Approves an item that waits for it; others stay as they are. */
export function approve(enrollment: Enrollment, position: number, facts: Facts, now: Date): Outcome {
  const before = advance(enrollment, facts, now);
  if (before.reEnrolls || !awaitsApproval(before.enrollment, { position })) return before;
  return summarized(completeItems(withItemDone(before, position, { by: 'approval', at: now }), facts));
}

/** Ends an enrollment, also one whose time to be re-enrolled has come. */
export function remove(enrollment: Enrollment, facts: Facts, now: Date): Outcome {
  const before = advance(enrollment, facts, now);
  if (!isLive(enrollment)) return before;
  const change: EnrollmentChange = { type: 'removed', at: now, detail: { state: before.enrollment.state } };
  const removed = { ...before.enrollment, deleted_at: now };
  return summarized({ enrollment: removed, changes: [...before.changes, change], reEnrolls: false });
}

/** Has another enrollment take this one's place, whatever its state. */
export function supersede({ enrollment, changes }: Outcome, nextId: number, now: Date): Outcome {
  const change: EnrollmentChange = {
    type: 're_enrolled',
    at: now,
    detail: { next_id: nextId, state: enrollment.state },
  };
  const superseded = { ...enrollment, superseded_at: now };
  return summarized({ enrollment: superseded, changes: [...changes, change], reEnrolls: false });
}

const unchanged = (enrollment: Enrollment): Outcome => ({ enrollment, changes: [], reEnrolls: false });

const isSame = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime();

const definedOnly = <T extends object>(values: T | undefined): T =>
  Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as T;

const remindersAhead = ({ reminder_days }: ProgramSettings, endAt: Date | null, now: Date): number[] =>
  endAt === null ? [] : reminder_days.filter((days) => days > 0 && addDays(endAt, -days) > now);

/** Something that time does to an enrollment. */
interface Timer {
  at: Date;
  reason: WakeReason;
  /** Does it. None for the re-enrollment, which is an end. */
  fire?: (outcome: Outcome) => Outcome;
}

/** At the same moment they come in this order. */
const ranks: Readonly<Record<WakeReason, number>> = { reminder: 0, step_due: 1, overdue: 2, expire: 3, re_enroll: 4 };

const byTime = (one: Timer, other: Timer): number =>
  one.at.getTime() - other.at.getTime() || ranks[one.reason] - ranks[other.reason];

function passTime(outcome: Outcome, now: Date): Outcome {
  let passed = outcome;
  const due = timersOf(outcome.enrollment).filter(({ at }) => at <= now);
  for (const { fire } of due.sort(byTime)) {
    if (fire === undefined) return { ...passed, reEnrolls: true };
    passed = fire(passed);
  }
  return passed;
}

/** What is still to come, in no order. */
function timersOf(enrollment: Enrollment): Timer[] {
  if (!isLive(enrollment)) return [];
  const timers = enrollment.state === 'active' ? [...dueTimers(enrollment), ...stepTimers(enrollment)] : [];
  const { expires_at: expiresAt, expired_at: expiredAt, state } = enrollment;
  if (expiresAt !== null && expiredAt === null)
    timers.push({
      at: expiresAt,
      reason: 'expire',
      fire: (outcome) =>
        happens(outcome, { expired_at: expiresAt }, { type: 'expired', at: expiresAt, detail: { state } }),
    });
  const renewAt = renewalOf(enrollment);
  if (renewAt !== null) timers.push({ at: renewAt, reason: 're_enroll' });
  return timers;
}

const happens = (
  { enrollment, changes, ...rest }: Outcome,
  values: Partial<Enrollment>,
  change: EnrollmentChange,
): Outcome => ({ ...rest, enrollment: { ...enrollment, ...values }, changes: [...changes, change] });

function dueTimers({ end_at: endAt, overdue_at, reminders_left }: Enrollment): Timer[] {
  if (endAt === null) return [];
  const timers = reminders_left.map((days): Timer => reminder(endAt, days));
  if (overdue_at === null)
    timers.push({
      at: endAt,
      reason: 'overdue',
      fire: (outcome) =>
        happens(outcome, { overdue_at: endAt }, { type: 'overdue', at: endAt, detail: { end_at: endAt } }),
    });
  return timers;
}

function reminder(endAt: Date, days: number): Timer {
  const at = addDays(endAt, -days);
  const fire = (outcome: Outcome): Outcome => {
    const reminders_left = outcome.enrollment.reminders_left.filter((other) => other !== days);
    return happens(outcome, { reminders_left }, { type: 'reminded', at, detail: { days, end_at: endAt } });
  };
  return { at, reason: 'reminder', fire };
}

const stepTimers = ({ items }: Enrollment): Timer[] =>
  items.flatMap((item): Timer[] => {
    const { due_at: at, position, state, overdue_told } = item;
    if (at === null || state !== 'pending' || overdue_told) return [];
    const fire = (outcome: Outcome): Outcome => {
      const told = withItem(outcome.enrollment.items, position, { overdue_told: true });
      return happens(outcome, { items: told }, { type: 'step_overdue', at, detail: { ...nameOf(item), due_at: at } });
    };
    return [{ at, reason: 'step_due', fire }];
  });

const nameOf = ({ position, item_id, course_id }: EnrollmentItem): object => ({
  position,
  item_id,
  ...(course_id !== null && { course_id }),
});

const withItem = (
  items: readonly EnrollmentItem[],
  position: number,
  values: Partial<EnrollmentItem>,
): EnrollmentItem[] => items.map((item) => (item.position === position ? { ...item, ...values } : item));

/** Never before it was made: dates may be set to what has long passed. */
function renewalOf({ settings, expires_at, created_at }: Enrollment): Date | null {
  if (!settings.auto_re_enroll || expires_at === null) return null;
  const at = addDays(expires_at, -(settings.re_enrollment_period ?? 0));
  return at < created_at ? created_at : at;
}

/** Items that can be done now: the first that is pending, or all of them where the order is free. */
function openItems({ items, settings }: Enrollment): EnrollmentItem[] {
  const pending = items.filter((item) => item.state === 'pending');
  return settings.non_linear ? pending : pending.slice(0, 1);
}

/** Does every item that the facts speak of and whose turn it is, and the enrollment when none is left. */
function completeItems(outcome: Outcome, { completions, waived }: Facts): Outcome {
  if (outcome.reEnrolls || outcome.enrollment.state === 'complete') return outcome;
  let done = outcome;
  for (const { position, item_id, state } of outcome.enrollment.items) {
    const at = waived.get(item_id);
    if (state === 'pending' && at !== undefined) done = withItemDone(done, position, { by: 'waiver', at });
  }
  for (;;) {
    const next = openItems(done.enrollment).find(({ course_id: id }) => id !== null && completions.has(id));
    const at = completions.get(next?.course_id ?? '');
    if (next === undefined || at === undefined) return completeWhole(done);
    done = withItemDone(done, next.position, { by: 'completion', at });
  }
}

function withItemDone(
  outcome: Outcome,
  position: number,
  { by, at }: { by: 'completion' | 'approval' | 'waiver'; at: Date },
): Outcome {
  const { items, created_at } = outcome.enrollment;
  const item = items.find((each) => each.position === position)!;
  const state = by === 'waiver' ? 'waived' : 'complete';
  const values = { items: withItem(items, position, { state, completed_at: at }) };
  const detail = { ...nameOf(item), by, completed_at: at };
  return happens(outcome, values, { type: 'step_completed', at: laterOf(at, created_at), detail });
}

const laterOf = (one: Date, other: Date): Date => (one > other ? one : other);

/** An enrollment without items is never complete: nothing was learned. */
function completeWhole(outcome: Outcome): Outcome {
  const { items, created_at } = outcome.enrollment;
  if (items.length === 0 || items.some(({ state }) => state === 'pending')) return outcome;
  const at = items.reduce((latest, { completed_at }) => laterOf(completed_at!, latest), created_at);
  return happens(outcome, { state: 'complete', completed_at: at }, { type: 'completed', at, detail: {} });
}

const emptySummary: EnrollmentSummary = {
  current_item_index: 0,
  total_items: 0,
  pending_approvals: 0,
  progress: 0,
  course_due_at: null,
  renew_at: null,
  next_wake_at: null,
  next_wake_for: null,
};

function summarized(outcome: Outcome): Outcome {
  const { enrollment } = outcome;
  const summary = summaryOf(enrollment);
  const keys = Object.keys(summary) as (keyof EnrollmentSummary)[];
  const isKept = keys.every((key) => summary[key]?.valueOf() === enrollment[key]?.valueOf());
  return isKept ? outcome : { ...outcome, enrollment: { ...enrollment, ...summary } };
}

const soonest = (timers: readonly Timer[]): Timer | undefined =>
  timers.reduce<Timer | undefined>((first, timer) => (first && byTime(first, timer) <= 0 ? first : timer), undefined);

function summaryOf(enrollment: Enrollment): EnrollmentSummary {
  const { items } = enrollment;
  const current = items.find(({ state }) => state === 'pending');
  const done = items.filter(({ state }) => state !== 'pending').length;
  const next = soonest(timersOf(enrollment));
  return {
    current_item_index: current?.position ?? items.length,
    total_items: items.length,
    pending_approvals: openItems(enrollment).filter((item) => item.requires_approval).length,
    progress: items.length === 0 ? 0 : Math.floor((10_000 * done) / items.length),
    course_due_at: current?.due_at ?? null,
    renew_at: isLive(enrollment) ? renewalOf(enrollment) : null,
    next_wake_at: next?.at ?? null,
    next_wake_for: next?.reason ?? null,
  };
}
