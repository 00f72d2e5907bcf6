import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeInBrowser, PlayerStage, until } from '../support/player';

/** A collection of real packages; not part of the project. */
const folder = path.resolve(__dirname, '../../../shared/packages');
const why = existsSync(folder) ? '' : ' (skipped: ../shared/packages is absent)';
const describeThem = existsSync(folder) ? describeInBrowser : describe.skip;

describeThem(`real packages in the player${why}`, () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
  });
  afterAll(() => stage.stop());

  it.each([
    'scorm12/RuntimeBasicCalls_SCORM12.zip',
    'scorm12/ContentPackagingOneFilePerSCO_SCORM12.zip',
    'scorm2004/RuntimeBasicCalls_SCORM20043rdEdition.zip',
    'scorm2004/SequencingSimpleRemediation_SCORM20043rdEdition.zip',
  ])('%s begins, without an error or an alert', async (file) => {
    await stage.newPage();
    const problems: string[] = [];
    stage.page.on('pageerror', ({ message }) => problems.push(message));
    stage.page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    stage.page.on('dialog', (dialog) => {
      problems.push(dialog.message());
      void dialog.accept();
    });
    await stage.import(file, readFileSync(path.join(folder, file)));
    await stage.open(file);
    const { id } = await stage.registration();
    const begun = () => stage.hub.resources.db('registration_activities').where({ registration_id: id });
    await until(begun, (rows) => rows.length > 0);
    expect(problems).toEqual([]);
  });

  // The one never looks for a run-time, the other's scripts are elsewhere on the web.
  it.each([
    ['scorm2004/ContentPackagingSingleSCO_SCORM20042ndEdition.zip', 'Golf Explained'],
    ['scorm2004/SequencingPostTestRollup4thEd_SCORM20044thEdition.zip', 'Playing the Game'],
  ])('%s is shown', async (file, title) => {
    await stage.newPage();
    await stage.import(file, readFileSync(path.join(folder, file)));
    await stage.open(file);
    const frame = stage.page.locator(`iframe[title*="${title}"]`);
    await frame.waitFor();
    expect(await frame.isVisible()).toBe(true);
  });
});
