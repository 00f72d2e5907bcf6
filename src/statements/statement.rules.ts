import {
  isDuration,
  isIri,
  isIrl,
  isLanguageTag,
  isMailto,
  isMediaType,
  isSha1,
  isSha2,
  isTimestamp,
  isUuid,
  type XapiVersion,
} from './formats.rules';
import {
  boolean,
  type Check,
  type Fault,
  fault,
  isObject,
  type JsonObject,
  listOf,
  number,
  oneOf,
  shape,
  text,
  textOf,
  wholeNumber,
  within,
} from './shapes.rules';

/*
 * What a statement has to be (xAPI 1.0.3 Data 2; IEEE 9274.1.1 4.2), as tables of members. Names and values are compared as they are
 * written: the case counts.
 */

export const voidedVerb = 'http://adlnet.gov/expapi/verbs/voided';

const iri = textOf(isIri, 'must be an IRI with a scheme');
const irl = textOf(isIrl, 'must be an IRL with a scheme');
const uuid = textOf(isUuid, 'must be a UUID');
const languageTag = textOf(isLanguageTag, 'must be a language tag (RFC 5646)');
const timestampOf = (version: XapiVersion): Check =>
  textOf(
    (value) => isTimestamp(value, version),
    `must be a date and time (${version === '2.0.0' ? 'RFC 3339' : 'ISO 8601'}), with no offset of -00:00`,
  );

/** An object of which every name and every value has a format. */
function entriesOf(checkName: (name: string) => boolean, nameMessage: string, check?: Check): Check {
  return (value) => {
    if (!isObject(value)) return fault('must be an object');
    for (const name in value) {
      if (!checkName(name)) return within(name, fault(nameMessage));
      const found = check?.(value[name]);
      if (found) return within(name, found);
    }
    return undefined;
  };
}

const languageEntries = entriesOf(isLanguageTag, 'is not a language tag (RFC 5646)', text);
const languageMap: Check = (value) =>
  languageEntries(value) ?? (Object.keys(value as object).length === 0 ? fault('must have an entry') : undefined);

/** Values are open, null among them. */
const extensions = entriesOf(isIri, 'is not an IRI with a scheme');

export const identifiers = ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const;

const account = shape({ members: { homePage: irl, name: text }, required: ['homePage', 'name'] });

const identifierMembers = {
  mbox: textOf(isMailto, 'must be a mailto IRI'),
  mbox_sha1sum: textOf(isSha1, 'must be a SHA-1 hash in hex'),
  openid: textOf(isIri, 'must be a URI'),
  account,
};

const countIdentifiers = (object: JsonObject): number =>
  identifiers.reduce((count, name) => count + (Object.hasOwn(object, name) ? 1 : 0), 0);

const oneIdentifier = (object: JsonObject): Fault | undefined =>
  countIdentifiers(object) === 1 ? undefined : fault(`must have exactly one of ${identifiers.join(', ')}`);

/** Data 2.4.2.1. */
export const checkAgent = shape({
  members: { objectType: oneOf('Agent'), name: text, ...identifierMembers },
  also: oneIdentifier,
});

/** Data 2.4.2.2: named by one identifier, or anonymous by its members. */
export const checkGroup = shape({
  members: {
    objectType: oneOf('Group'),
    name: text,
    member: listOf(checkAgent, { max: 1000 }),
    ...identifierMembers,
  },
  required: ['objectType'],
  also(group) {
    const count = countIdentifiers(group);
    if (count > 1) return oneIdentifier(group);
    const members = group['member'] as readonly unknown[] | undefined;
    return count === 1 || (members && members.length > 0)
      ? undefined
      : fault('is required in an anonymous group', 'member');
  },
});

const isGroup = (value: unknown): boolean => isObject(value) && value['objectType'] === 'Group';

export const checkActor: Check = (value) => (isGroup(value) ? checkGroup : checkAgent)(value);

const verb = shape({ members: { id: iri, display: languageMap }, required: ['id'] });

const component = shape({ members: { id: text, description: languageMap }, required: ['id'] });
const componentList = listOf(component);
const components: Check = (value) => {
  const found = componentList(value);
  if (found) return found;
  const ids = (value as readonly { id: string }[]).map(({ id }) => id);
  return new Set(ids).size === ids.length ? undefined : fault('must not have the same id twice');
};

const componentNames = ['choices', 'scale', 'source', 'target', 'steps'] as const;

/** All of it is optional (Data 2.4.4.1), and some content sends none of it. */
const definition = shape({
  mayBeEmpty: true,
  members: {
    name: languageMap,
    description: languageMap,
    type: iri,
    moreInfo: irl,
    extensions,
    interactionType: oneOf(
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
    ),
    correctResponsesPattern: listOf(text),
    choices: components,
    scale: components,
    source: components,
    target: components,
    steps: components,
  },
  also(object) {
    if ('interactionType' in object) return undefined;
    const named = ['correctResponsesPattern', ...componentNames].find((name) => name in object);
    return named === undefined ? undefined : fault(`is required beside ${named}`, 'interactionType');
  },
});

const activity = shape({ members: { objectType: oneOf('Activity'), id: iri, definition }, required: ['id'] });

const statementRef = shape({
  members: { objectType: oneOf('StatementRef'), id: uuid },
  required: ['objectType', 'id'],
});

const score = shape({
  members: { scaled: number, raw: number, min: number, max: number },
  also(object) {
    const { scaled, raw, min, max } = object as Record<string, number | undefined>;
    if (scaled !== undefined && (scaled < -1 || scaled > 1)) return fault('must lie between -1 and 1', 'scaled');
    if (min !== undefined && max !== undefined && min >= max) return fault('must be less than max', 'min');
    if (raw !== undefined && min !== undefined && raw < min) return fault('must not be less than min', 'raw');
    if (raw !== undefined && max !== undefined && raw > max) return fault('must not be more than max', 'raw');
    return undefined;
  },
});

/** The same goes for a result (Data 2.4.5). */
const result = shape({
  mayBeEmpty: true,
  members: {
    score,
    success: boolean,
    completion: boolean,
    response: text,
    duration: textOf(isDuration, 'must be a duration (ISO 8601 4.4.3.2)'),
    extensions,
  },
});

/** One activity, as earlier versions had it, or a list of them. */
const activities: Check = (value) => (Array.isArray(value) ? listOf(activity)(value) : activity(value));

const contextActivitiesShape = shape({
  members: { parent: activities, grouping: activities, category: activities, other: activities },
});
const contextActivities: Check = (value) =>
  contextActivitiesShape(value) ??
  (Object.keys(value as object).length === 0 ? fault('must have an entry') : undefined);

const relevantTypes = listOf(iri, { min: 1 });

/** New with 2.0: who else has to do with it, each with types that say how (9274.1.1 4.2.2). */
const newContextMembers = {
  contextAgents: listOf(
    shape({
      members: { objectType: oneOf('contextAgent'), agent: checkAgent, relevantTypes },
      required: ['objectType', 'agent'],
    }),
  ),
  contextGroups: listOf(
    shape({
      members: { objectType: oneOf('contextGroup'), group: checkGroup, relevantTypes },
      required: ['objectType', 'group'],
    }),
  ),
};

const contextOf = (version: XapiVersion): Check =>
  shape({
    members: {
      registration: uuid,
      instructor: checkActor,
      team: checkGroup,
      contextActivities,
      revision: text,
      platform: text,
      language: languageTag,
      statement: statementRef,
      extensions,
      ...(version === '2.0.0' ? newContextMembers : {}),
    },
  });

/** Data 2.4.6: of what has no revision or platform nothing can be said about one. */
function checkContextOfObject({ object, context }: JsonObject): Fault | undefined {
  if (!isObject(context) || ((object as JsonObject)['objectType'] ?? 'Activity') === 'Activity') return undefined;
  const name = ['revision', 'platform'].find((one) => one in context);
  return name === undefined ? undefined : fault('goes with an activity as object alone', `context.${name}`);
}

export const signatureUsage = 'http://adlnet.gov/expapi/attachments/signature';

const attachment = shape({
  members: {
    usageType: iri,
    display: languageMap,
    description: languageMap,
    contentType: textOf(isMediaType, 'must be a media type'),
    length: wholeNumber,
    sha2: textOf(isSha2, 'must be a SHA-2 hash in hex'),
    fileUrl: irl,
  },
  required: ['usageType', 'display', 'contentType', 'length', 'sha2'],
  also: ({ usageType, contentType }) =>
    usageType === signatureUsage && contentType !== 'application/octet-stream'
      ? fault('must be application/octet-stream for a signature', 'contentType')
      : undefined,
});

/** Data 2.4.9: an agent, or an anonymous group of two: an application and who uses it. */
const authority: Check = (value) => {
  const found = checkActor(value);
  if (found || !isGroup(value)) return found;
  const group = value as JsonObject;
  if (countIdentifiers(group) > 0) return fault('must not be an identified group');
  return (group['member'] as readonly unknown[]).length === 2 ? undefined : fault('must be two agents', 'member');
};

type ByObjectType = readonly [objectType: string, check: Check][];

const plainObjects: ByObjectType = [
  ['Activity', activity],
  ['Agent', checkAgent],
  ['Group', checkGroup],
  ['StatementRef', statementRef],
];

/** What an object is, its objectType says; an activity needs none. */
function objectAs(kinds: ByObjectType): Check {
  const checks = new Map<unknown, Check>(kinds);
  return (value) => {
    if (!isObject(value)) return fault('must be an object');
    const check = 'objectType' in value ? checks.get(value['objectType']) : activity;
    return check ? check(value) : fault(`must be ${[...checks.keys()].join(' or ')}`, 'objectType');
  };
}

const commonMembers = (version: XapiVersion) => ({
  actor: checkActor,
  verb,
  result,
  context: contextOf(version),
  timestamp: timestampOf(version),
  attachments: listOf(attachment, { max: 100 }),
});

/** Data 2.4.4.3: a statement without id, stored, version and authority, and with no other of its kind in it. */
function subStatementOf(version: XapiVersion): Check {
  return shape({
    members: { objectType: oneOf('SubStatement'), ...commonMembers(version), object: objectAs(plainObjects) },
    required: ['objectType', 'actor', 'verb', 'object'],
    also: checkContextOfObject,
  });
}

const statementVersions: Readonly<Record<XapiVersion, RegExp>> = {
  '1.0.3': /^1\.0(\.\d+)?$/,
  '2.0.0': /^(1|2)\.0(\.\d+)?$/,
};

const statementOf = (version: XapiVersion): Check =>
  shape({
    members: {
      ...commonMembers(version),
      id: uuid,
      object: objectAs([...plainObjects, ['SubStatement', subStatementOf(version)]]),
      stored: timestampOf(version),
      authority,
      version: textOf((value) => statementVersions[version].test(value), `must be a version that goes with ${version}`),
    },
    required: ['actor', 'verb', 'object'],
    also(statement) {
      const isVoiding = (statement['verb'] as JsonObject)['id'] === voidedVerb;
      const objectType = (statement['object'] as JsonObject)['objectType'];
      if (isVoiding && objectType !== 'StatementRef')
        return fault('must be a StatementRef where it is voided', 'object');
      return checkContextOfObject(statement);
    },
  });

const statements: Readonly<Record<XapiVersion, Check>> = {
  '1.0.3': statementOf('1.0.3'),
  '2.0.0': statementOf('2.0.0'),
};

/** What is wrong with a statement, first; undefined: nothing. */
export const checkStatement = (value: unknown, version: XapiVersion): Fault | undefined => statements[version](value);
