import { Buffer } from 'node:buffer';
import { describeInBrowser, PlayerStage, until } from '../support/player';

/** A second of silence, or more: 8-bit mono at 8 kHz. */
function wav(seconds: number): Buffer {
  const samples = 8000 * seconds;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples, 40);
  return Buffer.concat([header, Buffer.alloc(samples, 128)]);
}

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

describeInBrowser('a medium in the player', () => {
  let stage: PlayerStage;

  beforeAll(async () => {
    stage = await PlayerStage.start();
    await stage.import('sound', wav(3), { uploadedContentType: 'audio/wav' });
    await stage.import('paper', pdf, { uploadedContentType: 'application/pdf' });
    await stage.set('sound', { PlayerCommCommitFrequency: '300' });
    await stage.set('paper', { PDFContentPageDurationThreshold: '2' });
  });
  afterAll(() => stage.stop());
  beforeEach(() => stage.newPage());

  const play = (seconds: number) =>
    stage.page.evaluate(
      `new Promise((resolve) => {
        const medium = document.querySelector('.medium');
        medium.addEventListener('timeupdate', () => {
          if (medium.ended || medium.currentTime >= ${seconds}) { medium.pause(); resolve(); }
        });
        void medium.play();
      })`,
    );
  const only = async () => {
    const { id } = await stage.registration();
    return stage.hub.resources.db('registration_activities').where({ registration_id: id }).first();
  };

  it('is complete when enough of it was played', async () => {
    await stage.open('sound');
    await stage.page.locator('audio').waitFor();
    await play(3);
    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'completed', progress: 1 });
  });

  it('is not complete before, whatever the learner skips, and goes on where it was', async () => {
    const link = await stage.open('sound');
    await stage.page.locator('audio').waitFor();
    await play(1.2);
    await until(only, (row) => row?.progress > 0.3);
    await stage.page.evaluate("document.querySelector('.medium').currentTime = 2.9");
    await stage.page.goto(link);
    await stage.page.locator('audio').waitFor();
    await until(
      async () => Number(await stage.page.evaluate("document.querySelector('.medium').currentTime")),
      (at) => at >= 1,
    );
    const row = await only();
    expect(row).toMatchObject({ completion: 'incomplete' });
    expect(row.progress).toBeLessThan(0.6);
  });

  it('that is a PDF is complete when it was before the learner’s eyes for a while', async () => {
    await stage.open('paper');
    await stage.page.locator('iframe.medium').waitFor();
    expect((await only())?.completion ?? 'incomplete').toBe('incomplete');
    await stage.page.waitForTimeout(2600);
    await stage.button('Exit').click();
    await stage.untilLeft();
    expect(await stage.registration()).toMatchObject({ completion: 'completed' });
  });
});
