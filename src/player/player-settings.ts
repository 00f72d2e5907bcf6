import type { PlayerSettings } from './browser/player-seed';

/** Settings of a version by id, as `effectiveConfiguration` answers them. One that does not apply to the standard is not in it. */
export type Configuration = ReadonlyMap<string, string>;

export const isYes = (configuration: Configuration, id: string, otherwise = false): boolean => {
  const value = configuration.get(id);
  return value === undefined ? otherwise : value === 'YES' || value === 'true';
};

export function numberOf(configuration: Configuration, id: string, otherwise = 0): number {
  const value = configuration.get(id);
  return value === undefined || value === '' ? otherwise : Number(value);
}

const textOf = (configuration: Configuration, id: string, otherwise = ''): string => configuration.get(id) ?? otherwise;

/** What of a version's configuration the player's page goes by. */
export function playerSettings(configuration: Configuration): PlayerSettings {
  const yes = (id: string, otherwise = false): boolean => isYes(configuration, id, otherwise);
  const number = (id: string, otherwise = 0): number => numberOf(configuration, id, otherwise);
  const text = (id: string, otherwise = ''): string => textOf(configuration, id, otherwise);
  return {
    showNavBar: yes('PlayerShowNavBar', true),
    showFinishButton: yes('PlayerShowFinishButton', true),
    showCloseItem: yes('PlayerShowCloseItem'),
    showHelp: yes('PlayerShowHelp'),
    showProgressBar: yes('PlayerShowProgressBar'),
    progressByMeasure: yes('PlayerUseMeasureProgressBar'),
    showTitleBar: yes('PlayerShowTitleBar', true),
    showStructure: yes('PlayerShowCourseStructure'),
    structureStartsOpen: yes('PlayerCourseStructureStartsOpen'),
    structureWidth: number('PlayerCourseStructureWidth'),
    statusDisplay: text('PlayerStatusDisplayPreference', 'SEPARATE'),
    invalidMenuItem: text('PlayerInvalidMenuItemAction', 'DISABLE'),
    enableChoice: yes('PlayerEnableChoiceNav', true),
    enableFlow: yes('PlayerEnableFlowNav', true),
    startAtFirst: yes('PlayerAlwaysFlowToFirstSco', true),
    preventRightClick: yes('PlayerPreventRightClick'),
    promptOnClose: yes('PromptOnPlayerClose'),
    launchType: text('PlayerLaunchType', 'FRAMESET'),
    scoLaunchType: text('PlayerScoLaunchType', 'FRAMESET'),
    desiredWidth: number('PlayerDesiredWidth'),
    desiredHeight: number('PlayerDesiredHeight'),
    desiredFullScreen: yes('PlayerDesiredFullScreen'),
    requiredWidth: number('PlayerRequiredWidth'),
    requiredHeight: number('PlayerRequiredHeight'),
    requiredFullScreen: yes('PlayerRequiredFullScreen'),
    preventResize: yes('PlayerPreventWindowResize'),
    returnToLms: text('PlayerReturnToLmsAction', 'SuspendAll'),
    logoutExits: yes('PlayerLogoutCausesPlayerExit', true),
    exitActions: exitActionsOf(configuration),
    resetRunTimeData: text('PlayerResetRunTimeData', 'WHEN_EXIT_IS_NOT_SUSPEND'),
    suspendDataMaxLength: number('PlayerSuspendDataMaxLength', 64_000),
    commitEvery: number('PlayerCommCommitFrequency', 10_000),
    maxFailedCommits: number('PlayerCommMaxFailedSubmissions', 5),
    maxCommitBytes: number('RecordResultsMaxPayloadSizeInBytes', 5 * 1024 * 1024),
    finishCommits: yes('PlayerFinishCausesImmediateCommit', true),
    globalPreferences: yes('PlayerMakeStudentPrefsGlobalToCourse'),
    scoreOverridesStatus: yes('PlayerScoreOverridesStatus'),
    rollupAtUnload: yes('PlayerRollupRuntimeAtScoUnload', true),
    timeLimit: number('PlayerTimeLimit'),
    mediaThreshold: number('MediaContentCompletionThreshold', 95),
    pdfSeconds: number('PDFContentPageDurationThreshold', 5),
    logo: text('ModernPlayerCustomizationLogo'),
    privacyPolicy: text('PrivacyPolicyUrl'),
    loadingPage: yes('IntermediatePageLoadAtStart'),
    rememberLaunchPage: yes('RedirectLaunchPageOnExit'),
  };
}

const exitActionsOf = (configuration: Configuration): Record<string, string> =>
  Object.fromEntries([...configuration].filter(([id]) => id.endsWith('ExitAction')));
