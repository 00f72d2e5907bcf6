import { appearance, navigation, windows } from './catalogue/chrome';
import { content, standards } from './catalogue/content';
import { exits } from './catalogue/exits';
import { debugging, postbacks } from './catalogue/reporting';
import type { SettingDefinition } from './catalogue/setting';
import { attempts, rollup, runTime } from './catalogue/tracking';

export interface Setting extends SettingDefinition {
  id: string;
  /** The heading that it belongs under. */
  category: string;
}

/*
 * Where SCORM Cloud's default is known it is the hub's. The other defaults are the hub's own choice: a course of several
 * items shows its structure, open, and the learner can choose an item, go back and on, see what course it is and leave it;
 * everything opens in the page, since pop-up blockers stop windows; leaving suspends, so that nothing is lost; sizes are the
 * player's. What is sent is saved every ten seconds: a killed browser loses no more than that.
 */
const categories: Readonly<Record<string, Readonly<Record<string, SettingDefinition>>>> = {
  Appearance: appearance,
  Windows: windows,
  Navigation: navigation,
  'Exit actions': exits,
  Rollup: rollup,
  'Run time': runTime,
  Attempts: attempts,
  Content: content,
  'xAPI, cmi5 and LTI': standards,
  Postbacks: postbacks,
  'History and debugging': debugging,
};

/** Every setting of SCORM Cloud's courses, by id. */
export const catalogue: readonly Setting[] = Object.entries(categories)
  .flatMap(([category, settings]) =>
    Object.entries(settings).map(([id, definition]) => ({ id, category, ...definition })),
  )
  .sort((a, b) => (a.id < b.id ? -1 : 1));

const byId = new Map(catalogue.map((setting) => [setting.id, setting]));

export const findSetting = (id: string): Setting | undefined => byId.get(id);
