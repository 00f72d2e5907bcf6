import { versions } from '../../../src/statements/formats.rules';
import { startHub, type TestHub, type TestKey } from '../../support/hub';
import { activityOf, type Json, newAgent, reference, statement, xapiApi } from '../../support/xapi';

/*
 * What a statement may hold, by requirement: each case is a statement that is right but for what it names, sent as it is and, where that
 * can be, inside a SubStatement, in both versions.
 */

type Case = [requirement: string, what: string, parts: Json];

const group = { objectType: 'Group', member: [newAgent()] };
const account = { homePage: 'https://school.example', name: 'ada' };
const sha1 = 'cd9b00a5611f94eaa7b1661edab976068e364975';
const attachment = {
  usageType: 'https://school.example/usage/essay',
  display: { en: 'essay' },
  contentType: 'text/plain; charset=ascii',
  length: 27,
  sha2: 'a'.repeat(64),
  fileUrl: 'https://school.example/essay.txt',
};
const id = '0198aaaa-0000-7000-8000-000000000001';
const activity = (definition: Json): Json => ({ object: activityOf('https://school.example/a', { definition }) });
const interaction = (interactionType: string, more: Json = {}): Json => activity({ interactionType, ...more });
const result = (more: Json): Json => ({ result: more });
const score = (more: Json): Json => result({ score: more });
const context = (more: Json): Json => ({ context: more });
const attached = (more: Json): Json => ({ attachments: [{ ...attachment, ...more }] });
const without = (whole: Json, name: string): Json =>
  Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
const actors = (actor: Json): Json[] => [
  { actor },
  { object: { objectType: 'Agent', ...actor } },
  { context: { instructor: actor } },
  { actor: { objectType: 'Group', member: [actor] } },
];
const groups = (one: Json): Json[] => [
  { actor: one },
  { object: one },
  { context: { team: one } },
  { context: { instructor: one } },
];
const each = (requirement: string, what: string, parts: readonly Json[]): Case[] =>
  parts.map((part, index) => [requirement, `${what} (${index + 1})`, part]);
const languageMaps = (map: unknown): Json[] => [
  { verb: { id: 'https://school.example/v', display: map } },
  activity({ name: map }),
  activity({ description: map }),
  interaction('choice', { choices: [{ id: 'a', description: map }] }),
  attached({ display: map }),
  attached({ description: map }),
];
const extended = (extensions: unknown): Json[] => [
  activity({ extensions }),
  result({ extensions }),
  context({ extensions }),
];
const componentNames = ['choices', 'scale', 'source', 'target', 'steps'];
const componentLists = (list: unknown): Json[] => componentNames.map((name) => interaction('choice', { [name]: list }));

const refused: Case[] = [
  ...each('XAPI-00001', 'null', [
    { actor: { ...newAgent(), name: null } },
    { verb: { id: 'https://school.example/v', display: { en: null } } },
    context({ registration: null }),
    activity({ moreInfo: null }),
    { timestamp: null },
    { attachments: null },
  ]),
  ...each('XAPI-00001', 'an empty object', [{ actor: {} }, { verb: {} }, { object: {} }, context({}), score({})]),
  ['XAPI-00003', 'no actor', { actor: undefined }],
  ['XAPI-00004', 'no verb', { verb: undefined }],
  ['XAPI-00005', 'no object', { object: undefined }],
  ...each('XAPI-00006', 'the wrong type', [
    score({ max: 'one hundred' }),
    score({ max: '100' }),
    result({ success: 'no' }),
    result({ completion: 'false' }),
  ]),
  ...each('XAPI-00007', 'no format', [
    { actor: { mbox: '' } },
    { actor: { openid: '' } },
    { actor: { account: { homePage: '', name: 'ada' } } },
    { verb: { id: '' } },
    { object: activityOf('') },
    context({ registration: '' }),
  ]),
  ...each('XAPI-00008', 'another case of a name', [
    { Actor: newAgent() },
    { veRb: { id: 'https://school.example/v' } },
    { oBject: activityOf('https://school.example/a') },
    { RESULT: { success: true } },
    { conText: { language: 'en' } },
    { timeStamp: '2026-01-31T12:00:00Z' },
    { attachmentS: [attachment] },
    { actor: { mBox: 'mailto:ada@school.example' } },
  ]),
  ...each('XAPI-00009', 'another case of a value', [
    interaction('true-faLse'),
    interaction('Other'),
    { actor: { ...newAgent(), objectType: 'agent' } },
    { object: { objectType: 'activity', id: 'https://school.example/a' } },
  ]),
  ...each('XAPI-00010', 'a name that is not known', [
    { mood: 'good' },
    { actor: { ...newAgent(), age: 36 } },
    { verb: { id: 'https://school.example/v', name: 'v' } },
    activity({ title: { en: 'a' } }),
    result({ grade: 1 }),
    score({ best: 1 }),
    context({ place: 'here' }),
    attached({ title: 'a' }),
  ]),
  ...each('XAPI-00011', 'no scheme', [
    { verb: { id: 'school.example/v' } },
    { object: activityOf('//school.example/a') },
    activity({ type: 'type' }),
    activity({ moreInfo: '/more' }),
    { actor: { account: { homePage: 'school.example', name: 'ada' } } },
  ]),
  ...each('XAPI-00013', 'lengths of tokens', languageMaps({ something: 'x' })),
  ...each('XAPI-00013', 'two extensions of one letter', [
    activity({ name: { 'zh-z-aaa-z-bbb-c-ccc': 'x' } }),
    context({ language: 'something' }),
  ]),
  ['XAPI-00014', 'text that is not what it says', { actor: { ...newAgent(), objectType: '"objectType": "Agent"' } }],
  ...each('XAPI-00022', 'a timestamp', [
    { timestamp: 'yesterday' },
    { timestamp: 5 },
    { timestamp: '2026-02-30T12:00:00Z' },
  ]),
  ...each('XAPI-00025', 'attachments', [{ attachments: attachment }, { attachments: [5] }, { attachments: ['essay'] }]),
  ...each('XAPI-00031', 'objectType of an actor', [
    { actor: { ...newAgent(), objectType: 'Activity' } },
    { actor: { ...newAgent(), objectType: 'Person' } },
  ]),
  ...each(
    'XAPI-00032',
    'objectType that is no text',
    [5, { key: 'x' }].flatMap((objectType) => actors({ ...newAgent(), objectType }).slice(0, 3)),
  ),
  ...each(
    'XAPI-00033',
    'name',
    [5, { key: 'x' }].flatMap((name) => actors({ ...newAgent(), name })),
  ),
  ...each('XAPI-00034', 'no identifier', actors({ name: 'Ada' })),
  ...each('XAPI-00034', 'two identifiers', actors({ mbox: 'mailto:ada@school.example', account })),
  ...each('XAPI-00035', 'member of an agent', actors({ ...newAgent(), member: [newAgent()] })),
  ...each(
    'XAPI-00036',
    'member',
    [newAgent(), 'ada', [group], [{ name: 'Ada' }]].flatMap((member) => groups({ objectType: 'Group', member })),
  ),
  ...each(
    'XAPI-00037',
    'neither identifier nor members',
    [
      { objectType: 'Group', name: 'all' },
      { objectType: 'Group', member: [] },
    ].flatMap(groups),
  ),
  ...each(
    'XAPI-00037',
    'two identifiers of a group',
    groups({ objectType: 'Group', openid: 'https://school.example/x', account }),
  ),
  ...each('XAPI-00037', 'a wrong identifier of a group', groups({ objectType: 'Group', mbox: 'all@school.example' })),
  ...each(
    'XAPI-00038',
    'mbox',
    [5, 'ada@school.example', 'mailto:ada', 'http://ada@school.example', {}].flatMap((mbox) => actors({ mbox })),
  ),
  ...each(
    'XAPI-00039',
    'mbox_sha1sum',
    [5, 'abc', {}].flatMap((one) => actors({ mbox_sha1sum: one })),
  ),
  ...each(
    'XAPI-00040',
    'openid',
    [5, 'ab=c://x', 'ada', {}].flatMap((openid) => actors({ openid })),
  ),
  ...each(
    'XAPI-00041',
    'account',
    [5, 'ada', { ...account, more: 1 }].flatMap((one) => actors({ account: one })),
  ),
  ...each(
    'XAPI-00042',
    'homePage',
    [{ name: 'ada' }, { ...account, homePage: 'ab=c://x' }, { ...account, homePage: 5 }].flatMap((one) =>
      actors({ account: one }),
    ),
  ),
  ...each(
    'XAPI-00043',
    'name of an account',
    [without(account, 'name'), { ...account, name: 5 }, { ...account, name: {} }].flatMap((one) =>
      actors({ account: one }),
    ),
  ),
  ...each(
    'XAPI-00044',
    'id of a verb',
    [{ display: { en: 'v' } }, { id: 5 }, { id: 'ab=c://x' }].map((verb) => ({ verb })),
  ),
  ...each(
    'XAPI-00045',
    'display',
    ['x', 5, []].map((display) => ({ verb: { id: 'https://school.example/v', display } })),
  ),
  ...each(
    'XAPI-00046',
    'objectType of an object',
    ['Verb', 5, 'statementref', 'Person'].map((objectType) => ({
      object: { objectType, id: 'https://school.example/a' },
    })),
  ),
  ...each(
    'XAPI-00047',
    'id of an activity',
    [{ objectType: 'Activity' }, activityOf('ab=c://x'), { id: 5 }].map((object) => ({ object })),
  ),
  ...each(
    'XAPI-00048',
    'definition',
    ['x', 5, []].map((definition) => ({ object: activityOf('https://school.example/a', { definition }) })),
  ),
  ...each(
    'XAPI-00049',
    'interactionType',
    ['quiz', 5, {}].map((one) => activity({ interactionType: one })),
  ),
  ...each(
    'XAPI-00050',
    'correctResponsesPattern',
    ['x', 5, [5]].map((one) => interaction('other', { correctResponsesPattern: one })),
  ),
  ...['XAPI-00055', 'XAPI-00054', 'XAPI-00053', 'XAPI-00052', 'XAPI-00051'].flatMap((requirement, index) =>
    each(
      requirement,
      componentNames[index]!,
      ['x', { id: 'a' }, [5]].map((list) => interaction('choice', { [componentNames[index]!]: list })),
    ),
  ),
  ...each(
    'XAPI-00056',
    'name of an activity',
    ['x', 5].map((name) => activity({ name })),
  ),
  ...each(
    'XAPI-00057',
    'extensions of an activity',
    ['x', 5, []].map((extensions) => activity({ extensions })),
  ),
  ...each(
    'XAPI-00058',
    'id of a component',
    [[{ description: { en: 'a' } }], [{ id: 5 }], [{ id: 'a' }, { id: 'a' }]].flatMap(componentLists),
  ),
  ...each(
    'XAPI-00059',
    'description of an activity',
    ['x', 5].map((description) => activity({ description })),
  ),
  ...each(
    'XAPI-00060',
    'type of an activity',
    ['x y', 5].map((type) => activity({ type })),
  ),
  ...each(
    'XAPI-00061',
    'moreInfo',
    ['x y', 5].map((moreInfo) => activity({ moreInfo })),
  ),
  ...each('XAPI-00062', 'description of a component', componentLists([{ id: 'a', description: 'x' }])),
  ...each('XAPI-00063', 'a component', componentLists(['a'])),
  ...each('XAPI-00064', 'no interactionType', [
    activity({ correctResponsesPattern: ['a'] }),
    ...componentNames.map((name) => activity({ [name]: [{ id: 'a' }] })),
  ]),
  ...each('XAPI-00065', 'an agent or group without objectType', [
    { object: without(newAgent(), 'objectType') },
    { object: without(group, 'objectType') },
  ]),
  ...each(
    'XAPI-00072',
    'id of a reference',
    [{ objectType: 'StatementRef' }, reference('x')].map((object) => ({ object })),
  ),
  ...each('XAPI-00073', 'a reference without objectType', [{ object: { id } }]),
  ...each(
    'XAPI-00074',
    'success',
    ['true', 1].map((success) => result({ success })),
  ),
  ...each(
    'XAPI-00075',
    'completion',
    ['true', 1].map((completion) => result({ completion })),
  ),
  ...each(
    'XAPI-00076',
    'response',
    [5, {}].map((response) => result({ response })),
  ),
  ...each(
    'XAPI-00077',
    'duration',
    ['PA1H0M0S', 'an hour', 5, {}].map((duration) => result({ duration })),
  ),
  ...each(
    'XAPI-00078',
    'extensions of a result',
    ['x', 5].map((extensions) => result({ extensions })),
  ),
  ...each(
    'XAPI-00079',
    'score',
    ['x', 5, []].map((one) => result({ score: one })),
  ),
  ...each('XAPI-00080', 'max', [score({ max: 'x' }), score({ min: 5, max: 1 })]),
  ...each('XAPI-00081', 'min', [score({ min: 'x' }), score({ min: 5, max: 5 })]),
  ...each('XAPI-00082', 'raw', [score({ raw: 'x' }), score({ raw: 1, min: 2 }), score({ raw: 3, max: 2 })]),
  ...each('XAPI-00083', 'scaled', [score({ scaled: 'x' }), score({ scaled: 1.01 }), score({ scaled: -1.01 })]),
  ...['XAPI-00084', 'XAPI-00085'].flatMap((requirement, index) =>
    each(
      requirement,
      'of what is no activity',
      [{ ...newAgent() }, group, reference(id)].map((object) => ({
        object,
        context: { [['revision', 'platform'][index]!]: '1' },
      })),
    ),
  ),
  ...each(
    'XAPI-00086',
    'contextActivities',
    ['x', 5].map((one) => context({ contextActivities: one })),
  ),
  ...each('XAPI-00087', 'registration and instructor', [
    context({ registration: 'x' }),
    context({ registration: 5 }),
    context({ instructor: 'x' }),
    context({ instructor: { key: 'x' } }),
  ]),
  ...each(
    'XAPI-00088',
    'team',
    [newAgent(), 'x', { key: 'x' }].map((team) => context({ team })),
  ),
  ...each(
    'XAPI-00089',
    'revision',
    [5, {}].map((revision) => context({ revision })),
  ),
  ...each(
    'XAPI-00090',
    'platform',
    [5, {}].map((platform) => context({ platform })),
  ),
  ...each(
    'XAPI-00091',
    'language',
    [5, {}, 'a12345'].map((language) => context({ language })),
  ),
  ...each(
    'XAPI-00092',
    'statement of a context',
    [id, { id }, reference('x'), { ...reference(id), objectType: 'Activity' }].map((one) =>
      context({ statement: one }),
    ),
  ),
  ...each('XAPI-00093', 'an unknown kind of context activity', [
    context({ contextActivities: { sibling: [activityOf('https://school.example/a')] } }),
  ]),
  ...each(
    'XAPI-00094',
    'a context activity',
    ['x', 5, [newAgent()], ['x']].map((one) => context({ contextActivities: { parent: one } })),
  ),
  ...each('XAPI-00095', 'no context activities', [context({ contextActivities: {} })]),
  ...each(
    'XAPI-00102',
    'length',
    [{ length: 'x' }, { length: 1.5 }, { length: -1 }, { length: undefined }].map(attached),
  ),
  ...each('XAPI-00103', 'sha2', [{ sha2: 5 }, { sha2: 'x' }, { sha2: undefined }].map(attached)),
  ...each('XAPI-00104', 'fileUrl', [{ fileUrl: 'x y' }, { fileUrl: 5 }].map(attached)),
  ...each(
    'XAPI-00105',
    'contentType',
    [{ contentType: 'x y' }, { contentType: 5 }, { contentType: undefined }].map(attached),
  ),
  ...each('XAPI-00106', 'display', [{ display: 'x' }, { display: {} }, { display: undefined }].map(attached)),
  ...each('XAPI-00107', 'usageType', [{ usageType: 'x' }, { usageType: 5 }, { usageType: undefined }].map(attached)),
  ...each('XAPI-00118', 'a name in extensions', extended({ 'no iri': true })),
  ...each('XAPI-00120', 'extensions that are no object', ['x', 5, ['x']].flatMap(extended)),
  ...each('XAPI-00121', 'a language map', [{}, 'x', { a12345: 'x' }, { en: 5 }].flatMap(languageMaps)),
  ...each(
    'XAPI-00123',
    'not ISO 8601',
    [
      '01/011/2015',
      '2008-09-15T15:53:00.601-00',
      '2008-09-15T15:53:00.601-0000',
      '2008-09-15T15:53:00.601-00:00',
      '2008-09-15',
    ].map((timestamp) => ({ timestamp })),
  ),
  ...each(
    'XAPI-00124',
    'not a duration of 4.4.3.2',
    ['P4W1D', 'P', 'PT', '2008-09-15T15:53:00', 'P0003-06-04T12:30:05'].map((duration) => result({ duration })),
  ),
];

const accepted: Case[] = [
  ...each(
    'XAPI-00013',
    'tags',
    languageMaps({
      de: 'x',
      'de-DE': 'x',
      'zh-Hant': 'x',
      'sr-Latn-RS': 'x',
      cmn: 'x',
      ase: 'x',
      'es-419': 'x',
      'x-own': 'x',
    }),
  ),
  ...each('XAPI-00022', 'a timestamp', [
    { timestamp: '2026-01-31T12:00:00.123456+02:00' },
    { timestamp: '2026-01-31T12:00:00Z' },
  ]),
  ...each('XAPI-00025', 'attachments', [{ attachments: [attachment] }, { attachments: [] }]),
  ...each(
    'XAPI-00034',
    'one identifier',
    [
      { mbox: 'mailto:ada@school.example' },
      { mbox_sha1sum: sha1 },
      { openid: 'https://school.example/x' },
      { account },
    ].flatMap(actors),
  ),
  ...each(
    'XAPI-00037',
    'a group',
    [
      group,
      { objectType: 'Group', account },
      { objectType: 'Group', mbox: 'mailto:all@school.example', member: [newAgent()] },
    ].flatMap(groups),
  ),
  ...each(
    'XAPI-00049',
    'interactions',
    [
      'true-false',
      'choice',
      'fill-in',
      'long-fill-in',
      'matching',
      'performance',
      'sequencing',
      'likert',
      'numeric',
      'other',
    ].map((one) => interaction(one)),
  ),
  // Every member is optional; XAPI-00001 speaks of empty objects, 1.0.3 Data 2.2 only asks senders to leave them out.
  ['XAPI-00048', 'a definition that says nothing', activity({})],
  ['XAPI-00075', 'a result that says nothing', result({})],
  ...each('XAPI-00055', 'components', componentLists([{ id: 'a' }, { id: 'b', description: { en: 'b' } }])),
  ...each(
    'XAPI-00077',
    'durations',
    ['PT4H35M59.14S', 'PT16559.14S', 'P3Y1M29DT4H35M59.14S', 'P3Y', 'P4W', 'PT1H0M0.1S', 'P1DT12H36M0.12567S'].map(
      (duration) => result({ duration }),
    ),
  ),
  ...each('XAPI-00080', 'scores', [
    score({ max: 1 }),
    score({ min: -2, raw: 0.67676, max: 100.676 }),
    score({ scaled: -1 }),
  ]),
  ...each('XAPI-00084', 'of an activity', [context({ revision: '1', platform: 'web' })]),
  ...each(
    'XAPI-00093',
    'context activities',
    ['parent', 'grouping', 'category', 'other'].flatMap((name) => [
      context({ contextActivities: { [name]: activityOf('https://school.example/a') } }),
      context({ contextActivities: { [name]: [activityOf('https://school.example/a')] } }),
    ]),
  ),
  ...each(
    'XAPI-00119',
    'what extensions hold',
    [
      {},
      { 'http://x.example/e': null },
      { 'http://x.example/e': '' },
      { 'http://x.example/e': {} },
      { 'http://x.example/e': { any: [1] } },
    ].flatMap(extended),
  ),
];

/** Of statements alone, and not of what is in a SubStatement. */
const refusedAlone: Case[] = [
  ...each('XAPI-00008', 'another case of a name', [
    { iD: id },
    { STOred: '2026-01-31T12:00:00Z' },
    { auTHORity: newAgent() },
    { Version: '1.0.0' },
  ]),
  ...each('XAPI-00017', 'what is voided', [{ verb: { id: 'http://adlnet.gov/expapi/verbs/voided' } }]),
  ...each('XAPI-00023', 'stored', [{ stored: 'x' }, { stored: 5 }]),
  ...each('XAPI-00024', 'authority', [
    { authority: 'x' },
    { authority: activityOf('https://school.example/a') },
    { authority: { objectType: 'Group', openid: 'https://school.example/x', member: [newAgent(), newAgent()] } },
  ]),
  ...each('XAPI-00027', 'id', [
    { id: 'AA97B177-9383-4934-8543-0F91A7A028368' },
    { id: 'MA97B177-9383-4934-8543-0F91A7A02836' },
  ]),
  ...each('XAPI-00028', 'id that is no text', [{ id: 5 }, { id: { key: 'x' } }]),
  ...each('XAPI-00029', 'UUIDs in another form', [
    { id: id.replaceAll('-', '') },
    context({ registration: `{${id}}` }),
  ]),
  ...each('XAPI-00030', 'UUIDs', [context({ registration: `${id}8` }), { object: reference(`M${id.slice(1)}`) }]),
  ...each(
    'XAPI-00098',
    'a group as authority',
    [1, 3].map((count) => ({ authority: { objectType: 'Group', member: Array.from({ length: count }, newAgent) } })),
  ),
  ...each('XAPI-00100', 'more than two agents', [
    { authority: { objectType: 'Group', member: Array.from({ length: 4 }, newAgent) } },
  ]),
  ...each(
    'XAPI-00101',
    'version',
    ['x', '0.9.9', '1.1.0', 1].map((version) => ({ version })),
  ),
];
const acceptedAlone: Case[] = [
  ...each('XAPI-00020', 'voiding', [{ verb: { id: 'http://adlnet.gov/expapi/verbs/voided' }, object: reference(id) }]),
  ...each('XAPI-00023', 'stored', [{ stored: '2011-07-15T00:00:00.000Z' }]),
  ...each('XAPI-00024', 'authority', [
    { authority: newAgent() },
    { authority: { objectType: 'Group', member: [newAgent(), newAgent()] } },
  ]),
  ...each(
    'XAPI-00101',
    'version',
    ['1.0', '1.0.9'].map((version) => ({ version })),
  ),
];

const subStatement = (more: Json = {}): Json => ({ objectType: 'SubStatement', ...statement(), ...more });
const refusedInside: Case[] = [
  ['XAPI-00067', 'authority', { authority: newAgent() }],
  ['XAPI-00068', 'version', { version: '1.0.0' }],
  ['XAPI-00069', 'stored', { stored: '2026-01-31T12:00:00Z' }],
  ['XAPI-00070', 'id', { id }],
  ['XAPI-00071', 'a SubStatement', { object: subStatement() }],
  ['XAPI-00066', 'no verb', { verb: undefined }],
  ['XAPI-00073', 'no objectType', { objectType: undefined }],
];

const agentIn = (more: Json): Json =>
  context({ contextAgents: [{ objectType: 'contextAgent', agent: newAgent(), ...more }] });
const groupIn = (more: Json): Json => context({ contextGroups: [{ objectType: 'contextGroup', group, ...more }] });
/** New with 2.0, and without a number. */
const refusedIn2: Case[] = each('9274.1.1 4.2.2', 'contextAgents and contextGroups', [
  agentIn({ objectType: 'x' }),
  agentIn({ agent: { key: 'x' } }),
  agentIn({ relevantTypes: [] }),
  agentIn({ relevantTypes: ['abc'] }),
  groupIn({ objectType: 'x' }),
  groupIn({ group: { key: 'x' } }),
  groupIn({ group: newAgent() }),
  groupIn({ relevantTypes: [] }),
  groupIn({ relevantTypes: ['abc'] }),
  { timestamp: '2008-09-15T15:53:00' },
]);
const acceptedIn2: Case[] = each('9274.1.1 4.2.2', 'contextAgents and contextGroups', [
  agentIn({ relevantTypes: ['https://school.example/types/player'] }),
  groupIn({ relevantTypes: ['https://school.example/types/team'] }),
  { timestamp: '2008-09-15 15:53:00.601+00:00' },
]);

let hub: TestHub;
let key: TestKey;
beforeAll(async () => {
  hub = await startHub();
  key = await hub.newKey();
});
afterAll(() => hub.close());

describe.each(versions)('a statement of %s', (version) => {
  const send = async (body: Json): Promise<number> => {
    const answer = await xapiApi(hub, key, version).call('/statements', { method: 'POST', body });
    const text = await answer.text();
    if (answer.status !== 200) expect(text).toMatch(/\.$/);
    return answer.status;
  };
  const inside = (parts: Json): Json => statement({ object: subStatement(parts) });

  it.each(refused)('%s: is refused for %s', async (_, _what, parts) => {
    expect(await send(statement(parts))).toBe(400);
    expect(await send(inside(parts))).toBe(400);
  });
  it.each(accepted)('%s: is taken with %s', async (_, _what, parts) => {
    expect(await send(statement(parts))).toBe(200);
    expect(await send(inside(parts))).toBe(200);
  });
  it.each(refusedAlone)('%s: is refused for %s', async (_, _what, parts) =>
    expect(await send(statement(parts))).toBe(400),
  );
  it.each(acceptedAlone)('%s: is taken with %s', async (_, _what, parts) =>
    expect(await send(statement(parts))).toBe(200),
  );
  it.each(refusedInside)('%s: is refused for its SubStatement with %s', async (_, _what, parts) =>
    expect(await send(inside(parts))).toBe(400),
  );
  it.each(refusedIn2)('%s: is refused for %s', async (_, what, parts) => {
    const isNew = what.startsWith('context') && version === '1.0.3' && 'timestamp' in parts;
    expect(await send(statement(parts))).toBe(isNew ? 200 : 400);
  });
  it.each(acceptedIn2)('%s: is taken in 2.0 alone with %s', async (_, _what, parts) =>
    expect(await send(statement(parts))).toBe(version === '2.0.0' ? 200 : 400),
  );
});
