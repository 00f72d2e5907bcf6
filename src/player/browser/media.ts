import type { Surroundings } from './course';
import type { SeedActivity } from './player-seed';
import { scorm2004Dialect, ScoSession } from './sco-session';
import { intervalOf, secondsOf } from './time';

/** A medium that is being played. Its data are kept as a SCORM 2004 activity's, which says nothing that a medium could not. */
export interface MediaSession {
  save: () => void;
  close: () => void;
}

interface Progress {
  /** 0 to 1. */
  share: number;
  /** Where to go on: seconds of audio and video. */
  place: string;
}

/** Shows a file with the browser's own viewer, and keeps how much of it was seen. */
export function openMedia(activity: SeedActivity, around: Surroundings): MediaSession {
  const { seed, communication } = around;
  const type = seed.mediaType ?? '';
  const left = around.activities.stateOf(activity.id);
  const session = new ScoSession(activity, scorm2004Dialect, around);
  const started = performance.now();
  const before = Number(left?.cmi['cmi.progress_measure'] ?? 0);
  session.timeInData = secondsOf(left?.cmi['cmi.total_time'] ?? '');
  const read = /^(video|audio)\//.test(type)
    ? playTimed(activity, around, type, Number(left?.cmi['cmi.location'] ?? 0))
    : showDocument(activity, around, type);
  const values = (): Record<string, string> => {
    const { share, place } = read();
    const measure = Math.min(1, Math.max(before, share));
    const isDone = left?.completion === 'completed' || measure * 100 >= Math.min(100, seed.settings.mediaThreshold);
    const inSession = (performance.now() - started) / 1000;
    return {
      'cmi.completion_status': isDone ? 'completed' : 'incomplete',
      'cmi.progress_measure': String(Math.round(measure * 1000) / 1000),
      'cmi.location': place,
      'cmi.exit': 'suspend',
      'cmi.entry': left ? 'resume' : 'ab-initio',
      'cmi.session_time': intervalOf(inSession),
      'cmi.total_time': intervalOf(session.timeInData + inSession),
    };
  };
  session.begin(values());
  return {
    save: () => session.take(values(), false),
    close: () => {
      session.take(values(), true);
      communication.send('later');
    },
  };
}

const addressOf = (href: string): string => (/^([a-z][a-z0-9+.-]+:)?\/\//i.test(href) ? href : `content/${href}`);

/** YouTube's pages go into no frame, its player does. */
function embedAddress(href: string): string {
  const id = /(?:[?&]v=|youtu\.be\/|\/embed\/|\/shorts\/)([\w-]{6,20})/.exec(href)?.[1];
  return id === undefined ? href : `https://www.youtube-nocookie.com/embed/${id}`;
}

/** Audio and video: the share that was played, wherever the learner jumped. */
function playTimed(
  { href = '', title }: SeedActivity,
  { stage, communication, moved }: Surroundings,
  type: string,
  at: number,
): () => Progress {
  const player = document.createElement(type.startsWith('video/') ? 'video' : 'audio');
  player.controls = true;
  player.preload = 'metadata';
  player.className = 'medium';
  player.setAttribute('aria-label', title);
  player.src = addressOf(href);
  if (at > 0)
    player.addEventListener('loadedmetadata', () => (player.currentTime = Math.min(at, player.duration)), {
      once: true,
    });
  for (const event of ['pause', 'ended']) {
    player.addEventListener(event, () => {
      moved();
      communication.send('later');
    });
  }
  stage.put(player);
  return () => ({ share: playedShare(player), place: player.ended ? '0' : String(Math.floor(player.currentTime)) });
}

function playedShare({ played, duration }: HTMLMediaElement): number {
  if (!(duration > 0) || !Number.isFinite(duration)) return 0;
  let seconds = 0;
  for (let index = 0; index < played.length; index += 1) seconds += played.end(index) - played.start(index);
  return seconds / duration;
}

/** A PDF or a page: seen when it was before the learner's eyes for as long as the course's settings ask. */
function showDocument({ href = '', title }: SeedActivity, { stage, seed }: Surroundings, type: string): () => Progress {
  const frame = document.createElement('iframe');
  frame.className = 'medium';
  frame.title = title;
  // Not in a sandbox: browsers show no PDF in one, and what is elsewhere has an origin of its own.
  frame.src = type === 'youtube' ? embedAddress(href) : addressOf(href);
  stage.put(frame);
  const needed = Math.max(1, seed.settings.pdfSeconds);
  let seen = 0;
  window.setInterval(() => {
    if (document.visibilityState === 'visible') seen += 0.5;
  }, 500);
  return () => ({ share: Math.min(1, seen / needed), place: '' });
}
