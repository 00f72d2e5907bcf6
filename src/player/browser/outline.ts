import type { Activities } from './activities';
import type { Course } from './course';
import type { Completion, PlayerSettings, Result, SeedActivity, Success } from './player-seed';

const completionWords: Readonly<Record<Completion, string>> = {
  unknown: 'Not started',
  incomplete: 'In progress',
  completed: 'Completed',
};
const successWords: Readonly<Record<Success, string>> = { unknown: '', passed: 'Passed', failed: 'Failed' };

/** A result in words, as the course's settings want it shown (StatusDisplayValue). */
export function wordsOf({ completion, success, score }: Result, display: string): string {
  const points = score === null ? '' : `${Math.round(score * 100)} %`;
  const words: Record<string, string[]> = {
    SUCCESS_ONLY: [successWords[success], points],
    COMPLETION_ONLY: [completionWords[completion]],
    COMBINED: [successWords[success] || completionWords[completion], points],
    NONE: [],
  };
  const separate = completion === 'unknown' && success !== 'unknown' ? [] : [completionWords[completion]];
  return (words[display] ?? [...separate, successWords[success], points]).filter(Boolean).join(' · ');
}

const marks: Readonly<Record<string, string>> = { completed: '✓', incomplete: '◐', unknown: '○' };

const markOf = ({ completion, success }: Pick<Result, 'completion' | 'success'>): string => {
  if (success === 'failed') return '✗';
  return success === 'passed' ? '✓' : marks[completion]!;
};

interface Shown {
  activities: Activities;
  course: Course;
  settings: PlayerSettings;
  choose: (id: string) => void;
}

/** Draws the course's tree. */
export function showOutline(nav: HTMLElement, root: SeedActivity, shown: Shown): void {
  const focused =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset['activity'] : undefined;
  // Of xAPI content the root is what is opened, and has what it lists below it.
  const isShown = root.href !== undefined || root.children.length === 0;
  const list = listOf(isShown ? [root] : root.children, shown);
  nav.replaceChildren(list ?? '');
  if (focused !== undefined) nav.querySelector<HTMLElement>(`[data-activity="${CSS.escape(focused)}"]`)?.focus();
}

function listOf(activities: readonly SeedActivity[], shown: Shown): HTMLUListElement | undefined {
  const items = activities.flatMap((activity) => itemOf(activity, shown));
  if (items.length === 0) return undefined;
  const list = document.createElement('ul');
  list.append(...items);
  return list;
}

function itemOf(activity: SeedActivity, shown: Shown): HTMLLIElement[] {
  const below = listOf(activity.children, shown);
  const isHidden = activity.hidden || (shown.settings.invalidMenuItem === 'HIDE' && !isOpenable(activity, shown));
  if (isHidden && !below) return [];
  const item = document.createElement('li');
  if (!isHidden) item.append(activity.href === undefined ? headingOf(activity) : linkOf(activity, shown));
  if (below) item.append(below);
  return [item];
}

const isOpenable = ({ id, href }: SeedActivity, { course }: Shown): boolean =>
  href === undefined || course.current?.id === id || course.may({ kind: 'choice', id });

function headingOf({ title }: SeedActivity): HTMLElement {
  const heading = document.createElement('span');
  heading.className = 'folder';
  heading.textContent = title;
  return heading;
}

function linkOf(activity: SeedActivity, shown: Shown): HTMLButtonElement {
  const { activities, course, settings, choose } = shown;
  const button = document.createElement('button');
  const isCurrent = course.current?.id === activity.id;
  const result = activities.stateOf(activity.id) ?? {
    completion: 'unknown',
    success: 'unknown',
    score: null,
    progress: null,
  };
  button.type = 'button';
  button.dataset['activity'] = activity.id;
  if (isCurrent) button.setAttribute('aria-current', 'step');
  button.disabled = !isOpenable(activity, shown);
  button.addEventListener('click', () => choose(activity.id));
  const mark = document.createElement('span');
  mark.className = 'mark';
  mark.setAttribute('aria-hidden', 'true');
  mark.textContent = markOf(result);
  const title = document.createElement('span');
  title.textContent = activity.title;
  const state = document.createElement('span');
  state.className = 'state';
  state.textContent = wordsOf(result, settings.statusDisplay);
  button.append(mark, title, state);
  return button;
}
