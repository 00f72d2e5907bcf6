import { invalid } from '../../errors';
import { ActivityTally } from './activity-tally';
import { readAiccFiles } from './aicc-files';
import { AiccTree } from './aicc-tree';
import { descriptorLimits } from './descriptor-limits';
import { oneLine, shorten } from './descriptor-text';
import type { Activity, CoursePackage } from './package';
import type { PackageFiles } from './package-files';
import { PackageTargets } from './package-targets';
import { ParserWarnings } from './parser-warnings';

/** Reads an AICC course by its .crs file and the tables beside it (CMI001 6), leniently. */
export async function readAiccPackage(files: PackageFiles, coursePath: string): Promise<CoursePackage> {
  const warnings = new ParserWarnings();
  const { course, tables, folder, name } = await readAiccFiles(files, coursePath);
  if (!tables.get('au')?.length) {
    const message = `The AICC course ${coursePath} has no assignable units: ${folder}${name}.au is missing or empty.`;
    throw invalid(message, { code: 'aicc_without_units' });
  }
  if (!course.get('course', 'course_title')) warnings.add(`${coursePath} has no Course_Title; its file name is shown.`);
  if (!course.get('course', 'course_id')) warnings.add(`${coursePath} has no Course_ID; its file name stands for it.`);
  if (tables.has('cmp')) warnings.add(`The completion requirements of ${folder}${name}.cmp are not applied.`);

  const identifier = course.get('course', 'course_id') ?? name;
  const title = shorten(oneLine(course.get('course', 'course_title') ?? name), descriptorLimits.title);
  const description = course.textOf('course_description');
  const targets = new PackageTargets(files);
  const tally = new ActivityTally(coursePath);
  const rootActivity: Activity = { identifier, title, type: 'AGGREGATION', children: [] };
  tally.add(rootActivity, false);
  rootActivity.children = new AiccTree({ tables, folder, targets, tally, warnings }).read();
  const launchHref = tally.getLaunchHref();
  targets.report(`${folder}${name}.au`, warnings);
  return {
    learningStandard: 'AICC',
    title,
    identifier,
    metadata: {
      title,
      ...(description && { description: shorten(description, descriptorLimits.description) }),
      keywords: [],
    },
    languages: [],
    launchHref,
    manifestPath: coursePath,
    rootActivity,
    sequenced: false,
    parserWarnings: warnings.toList(),
  };
}
