import type { LearningStandard } from '../../courses/packages/package';

/** How a setting's value is read; the names are SCORM Cloud's (SettingMetadata.dataType), and `Enum.…` for a closed list. */
export type DataType =
  | 'bool'
  | 'int'
  | 'positiveInt'
  | 'nonNegativeInt'
  | 'nullableDouble'
  | 'string'
  | 'delimitedString'
  | 'webPath'
  | 'languageList'
  | 'mergedJson'
  | `Enum.${string}`;

/** One of a closed list of values, and what it does. */
export interface ValidValue {
  value: string;
  description: string;
}

/** What is known of a setting but its id. */
export interface SettingDefinition {
  dataType: DataType;
  /** Also shows how a bool is spelled: YES and NO, or true and false. Empty: none. */
  default: string;
  description: string;
  validValues?: readonly ValidValue[];
  /** The standards whose courses it can change; absent: every course. */
  learningStandards?: readonly LearningStandard[];
}

type Standards = readonly LearningStandard[];
type Define = (initial: string, description: string, learningStandards?: Standards) => SettingDefinition;

const ofType =
  (dataType: DataType): Define =>
  (initial, description, learningStandards) => ({
    dataType,
    default: initial,
    description,
    ...(learningStandards === undefined ? {} : { learningStandards }),
  });

const bool = ofType('bool');
/** A bool that is spelled YES and NO. */
export const yesNo = (initial: 'YES' | 'NO', description: string, learningStandards?: Standards): SettingDefinition =>
  bool(initial, description, learningStandards);
/** A bool that is spelled true and false. */
export const flag = (initial: boolean, description: string, learningStandards?: Standards): SettingDefinition =>
  bool(String(initial), description, learningStandards);
export const int = ofType('int');
export const positiveInt = ofType('positiveInt');
export const nonNegativeInt = ofType('nonNegativeInt');
export const nullableDouble = ofType('nullableDouble');
export const text = ofType('string');
export const delimited = ofType('delimitedString');
export const webPath = ofType('webPath');
export const languageList = ofType('languageList');
export const mergedJson = ofType('mergedJson');

/** Makes settings that take one of a closed list of values. */
export const oneOf = <V extends string>(name: string, values: Readonly<Record<V, string>>) => {
  const validValues = Object.entries<string>(values).map(([value, description]) => ({ value, description }));
  const define = ofType(`Enum.${name}`);
  return (initial: V, description: string, learningStandards?: Standards): SettingDefinition => ({
    ...define(initial, description, learningStandards),
    validValues,
  });
};

export const scorm1: Standards = ['SCORM11', 'SCORM12'];
export const scorm2004: Standards = ['SCORM20042NDEDITION', 'SCORM20043RDEDITION', 'SCORM20044THEDITION'];
export const scorm: Standards = [...scorm1, ...scorm2004];
export const scorm1AndAicc: Standards = [...scorm1, 'AICC'];
export const scorm1AndCmi5: Standards = [...scorm1, 'CMI5'];
/** Courses that have no sequencing of their own, so that the player decides who goes where. */
export const unsequenced: Standards = [...scorm1, 'AICC', 'CMI5'];
/** Courses that can have several items. */
export const structured: Standards = [...scorm, 'AICC', 'CMI5'];
