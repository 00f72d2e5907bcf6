import type { LearningObjectRow } from '../../src/learning-objects/learning-objects.store';
import { metadataQuality } from '../../src/learning-objects/metadata-quality.rules';
import { evaluationModels, modelOf } from '../../src/learning-objects/evaluation-models.rules';
import { totalsOf } from '../../src/learning-objects/model-totals.rules';
import { qualityOf } from '../../src/learning-objects/object-quality.rules';
import { loepDate, presentLearningObject } from '../../src/learning-objects/present-learning-object';
import { metricNames } from '../../src/learning-objects/quality-metrics.rules';

const bare: LearningObjectRow = {
  id: 7,
  application_id: 'a',
  application_number: 3,
  course_id: null,
  repository: 'acme',
  id_repository: 'Excursion:83',
  url: 'http://example.org/x',
  name: 'Golf',
  description: null,
  lotype: 'unspecified',
  technology: 'unspecified',
  language_id: null,
  has_text: true,
  has_images: false,
  has_videos: null,
  has_audios: null,
  has_quizzes: null,
  has_webs: null,
  has_flash_objects: null,
  has_applets: null,
  has_documents: null,
  has_flashcards: null,
  has_virtual_tours: null,
  has_enriched_videos: null,
  scope: 'Private',
  metadata_url: null,
  tags: ['a', 'b'],
  created_at: new Date('2017-03-15T14:05:59Z'),
  updated_at: new Date('2017-03-15T00:00:00Z'),
};

const full: LearningObjectRow = {
  ...bare,
  url: 'https://example.org/golf',
  name: 'Golf explained for beginners',
  description:
    'Golf explained step by step to beginners: stance, grip, swing, putting, rules, etiquette, scoring, handicap, ' +
    'clubs, balls, greens, bunkers, hazards, penalties, practice, courses and tournaments.',
  lotype: 'text',
  technology: 'html',
  language_id: 38,
  metadata_url: 'https://example.org/golf.xml',
  tags: ['golf', 'sports', 'beginners', 'rules', 'swing'],
  scope: 'Public',
};

describe('loepDate', () => {
  it.each([
    ['2017-03-15T14:05:00Z', '15/03/2017 14:05 pm'],
    ['2017-03-05T00:00:00Z', '05/03/2017 00:00 am'],
    ['2017-12-31T11:59:59Z', '31/12/2017 11:59 am'],
    ['2017-12-31T12:00:00Z', '31/12/2017 12:00 pm'],
  ])('%s is %s', (date, text) => {
    expect(loepDate(new Date(date))).toBe(text);
  });
});

describe('metadataQuality', () => {
  it('gives all points to an object that is well described', () => {
    expect(metadataQuality(full)).toEqual([10, 10, 10, 10, 10]);
  });

  it('of an object with little but a name', () => {
    // 4 of 9; none of 5; nothing contradicts; no word of the name is elsewhere; two tags of five, four points each five.
    expect(metadataQuality({ ...bare, has_text: null, has_images: null })).toEqual([3.33, 2, 10, 0, 1.6]);
  });

  it.each([
    ['a type without its content', { lotype: 'video', has_videos: false }],
    ['a technology without its content', { technology: 'flash', has_flash_objects: false }],
    ['a description that repeats the name', { description: ' golf EXPLAINED for beginners' }],
    ['a tag twice', { tags: ['Golf', 'golf', 'rules'] }],
  ] as const)('takes a quarter of consistency for %s', (_, change) => {
    expect(metadataQuality({ ...full, ...change } as LearningObjectRow)[2]).toBe(7.5);
  });
});

describe('presentLearningObject', () => {
  const present = (row: LearningObjectRow, totals = new Map(), words = new Map()) =>
    presentLearningObject(row, qualityOf(row, totals), words);

  it('has LOEP’s members in LOEP’s order, whether there are data or none', () => {
    const columns =
      'id url name description lotype repository technology language_id hasText hasImages hasVideos hasAudios hasQuizzes ' +
      'hasWebs hasFlashObjects hasApplets hasDocuments hasFlashcards hasVirtualTours hasEnrichedVideos created_at ' +
      'updated_at scope owner_id app_id id_repository metadata_url tag_list lanCode';
    const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`);
    const ofModels = evaluationModels.flatMap(({ name, items, texts }) => [
      ...['Assignments', 'Completed assignments', 'Pending assignments', 'Rejected assignments'].map(
        (what) => `${what} with ${name}`,
      ),
      `Evaluations with ${name}`,
      `Completed Evaluations with ${name}`,
      ...numbered(`${name} ${items.type === 'integer' ? 'item' : 'ditem'}`, items.count),
      ...numbered(`${name} titem`, texts),
      `${name} comments`,
    ]);
    const members = [...columns.split(' '), ...ofModels, ...metricNames.map((name) => `Metric Score: ${name}`)];
    expect(Object.keys(present(bare))).toEqual(members);
    expect(Object.keys(present(full))).toEqual(members);
  });

  it('leaves what nobody evaluated empty, and columns that were not given null', () => {
    expect(present(bare)).toMatchObject({
      id: 7,
      app_id: 3,
      owner_id: null,
      hasText: true,
      hasImages: false,
      hasVideos: null,
      created_at: '15/03/2017 14:05 pm',
      updated_at: '15/03/2017 00:00 am',
      tag_list: 'a, b',
      lanCode: null,
      'Assignments with LOEM': 0,
      'Evaluations with LOEM': 0,
      'LORI v1.5 item1': '',
      'WBLT-S titem2': '',
      'LORI v1.5 comments': '',
      'Evaluations with Metadata Quality': 1,
      'Completed Evaluations with Metadata Quality': 1,
      'Metadata Quality ditem3': 10,
      'Evaluations with Interaction Quality': 0,
      'Interaction Quality ditem1': '',
      'Metric Score: LORI Orthogonal': '',
      'Metric Score: Interaction Quality': '',
    });
  });

  it('shows means with two decimals, words as lists, and scores of unrounded means', () => {
    const lori = modelOf('LORI v1.5');
    const totals = totalsOf(lori, [5, 5, 5, 5, 5, 5, 5, 5, 5]);
    totals.item_sums = totals.item_sums.map((sum) => sum + 3);
    totals.item_counts = totals.item_counts.map((count) => count + 2);
    const words = new Map([
      [
        'WBLT-S',
        [
          { texts: [null, 'good'], comments: 'later' },
          { texts: ['x', null], comments: 'first' },
        ],
      ],
    ]);
    expect(present(full, new Map([['LORI v1.5', totals]]), words)).toMatchObject({
      lanCode: 'en',
      'LORI v1.5 item9': 2.67,
      'WBLT-S titem1': ['x'],
      'WBLT-S titem2': ['good'],
      'WBLT-S comments': ['first', 'later'],
      'Metric Score: LORI Arithmetic Mean': 4.17,
      'Metric Score: LORI Orthogonal': 4.17,
      'Metric Score: LOM Metadata Quality': 10,
    });
  });

  it('gives the interaction’s score once its three numbers are known', () => {
    const { models, scores } = qualityOf(full, new Map(), [5, 6, 7]);
    expect(models['Interaction Quality']).toMatchObject({ evaluations: 1, completed_evaluations: 1, means: [5, 6, 7] });
    expect(scores['Interaction Quality']).toBe(5.96);
  });
});
