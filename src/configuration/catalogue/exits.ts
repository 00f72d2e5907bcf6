import { exitAction } from './enumerations';
import { scorm1, type SettingDefinition, yesNo, scorm2004 } from './setting';

const onExit = (initial: Parameters<typeof exitAction>[0], when: string): SettingDefinition =>
  exitAction(initial, `What happens when ${when}.`, scorm1);

/** What happens when an item ends: by itself, suspended, timed out, or asking to log out (SCORM 1.2 RTE 3.4.4, cmi.core.exit). */
export const exits = {
  PlayerIntermediateScoSatisfiedNormalExitAction: onExit('GO_TO_NEXT_SCO', 'an item ends well'),
  PlayerIntermediateScoSatisfiedSuspendExitAction: onExit('DISPLAY_MESSAGE', 'an item that went well is suspended'),
  PlayerIntermediateScoSatisfiedTimeoutExitAction: onExit('DISPLAY_MESSAGE', 'an item that went well runs out of time'),
  PlayerIntermediateScoSatisfiedLogoutExitAction: onExit('EXIT_COURSE', 'an item that went well asks to log out'),
  PlayerIntermediateScoNotSatisfiedNormalExitAction: onExit('DISPLAY_MESSAGE', 'an item ends that is not satisfied'),
  PlayerIntermediateScoNotSatisfiedSuspendExitAction: onExit('DISPLAY_MESSAGE', 'an unsatisfied item is suspended'),
  PlayerIntermediateScoNotSatisfiedTimeoutExitAction: onExit('DISPLAY_MESSAGE', 'an unsatisfied item runs out of time'),
  PlayerIntermediateScoNotSatisfiedLogoutExitAction: onExit('EXIT_COURSE', 'an unsatisfied item asks to log out'),
  PlayerFinalScoCourseSatisfiedNormalExitAction: onExit(
    'EXIT_COURSE',
    'the last item ends and the course is satisfied',
  ),
  PlayerFinalScoCourseSatisfiedSuspendExitAction: onExit(
    'EXIT_COURSE',
    'the last item is suspended and the course is satisfied',
  ),
  PlayerFinalScoCourseSatisfiedTimeoutExitAction: onExit(
    'EXIT_COURSE',
    'the last item runs out of time and the course is satisfied',
  ),
  PlayerFinalScoCourseSatisfiedLogoutExitAction: onExit(
    'EXIT_COURSE',
    'the last item asks to log out and the course is satisfied',
  ),
  PlayerFinalScoCourseNotSatisfiedNormalExitAction: onExit('EXIT_COURSE', 'the last item ends, the course unsatisfied'),
  PlayerFinalScoCourseNotSatisfiedSuspendExitAction: onExit(
    'EXIT_COURSE',
    'the last item is suspended, the course unsatisfied',
  ),
  PlayerFinalScoCourseNotSatisfiedTimeoutExitAction: onExit(
    'EXIT_COURSE',
    'the last item runs out of time, the course unsatisfied',
  ),
  PlayerFinalScoCourseNotSatisfiedLogoutExitAction: onExit(
    'EXIT_COURSE',
    'the last item asks to log out, the course unsatisfied',
  ),
  PlayerLogoutCausesPlayerExit: yesNo('YES', 'Closes the player when an item asks to log out.', scorm2004),
};
