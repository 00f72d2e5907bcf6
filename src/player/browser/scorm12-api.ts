import type { Surroundings } from './course';
import type { SeedActivity } from './player-seed';
import { scorm12Data } from './run-time-data';
import { scorm12Dialect, ScoSession } from './sco-session';
import { secondsOf } from './time';

/** The run-time of one opened SCORM 1.2 activity. */
export interface Scorm12Session {
  session: ScoSession;
  api: Scorm12Api;
}

const preferences: Record<string, string> = {};

/** Makes the run-time that content finds as `API`, with what the activity begins with. `finished`: content has called LMSFinish. */
export function openScorm12(activity: SeedActivity, around: Surroundings, finished: () => void): Scorm12Session {
  const { seed, communication } = around;
  const session = new ScoSession(activity, scorm12Dialect, around);
  const api = new Scorm12API({
    autocommit: false,
    autoCompleteLessonStatus: false,
    mastery_override: true,
    score_overrides_status: seed.settings.scoreOverridesStatus,
    dataCommitFormat: 'flattened',
    sendFullCommit: true,
    alwaysSendTotalTime: true,
    lmsCommitUrl: 'commit',
    logLevel: 5,
    httpService: {
      processHttpRequest(_url, values, _immediate, _log, _listeners, about) {
        const ends = about?.isTerminateCommit ?? false;
        session.take(values, ends);
        const isKept = !ends || seed.settings.finishCommits ? communication.send('now') : true;
        // What is not kept yet is sent again: content may end all the same.
        return isKept || ends ? { result: 'true', errorCode: 0 } : { result: 'false', errorCode: 101 };
      },
      updateSettings() {},
    } satisfies RunTimeHttp,
  });
  const data = scorm12Data(activity, around.activities.stateOf(activity.id), seed);
  session.timeInData = secondsOf(data['cmi.core.total_time'] ?? '');
  api.loadFromFlattenedJSON({ ...data, ...(seed.settings.globalPreferences ? preferences : {}) });
  guard(api, session);
  api.on('LMSInitialize', () => session.begin(api.renderCommitCMI(false, true)));
  api.on('LMSFinish', finished);
  return { session, api };
}

function guard(api: Scorm12Api, session: ScoSession): void {
  const set = api.LMSSetValue.bind(api);
  api.LMSSetValue = (element, value) => {
    const code = session.refuses(element, value);
    if (code !== undefined) {
      api.throwSCORMError(element, code);
      return 'false';
    }
    const answer = set(element, value);
    if (answer === 'true' && element.startsWith('cmi.student_preference.')) preferences[element] = String(value);
    return answer;
  };
}
