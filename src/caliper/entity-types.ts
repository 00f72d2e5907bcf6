import { entity, type Kind, list, oneOf, type Shape } from './kinds';
import { timebackTypes } from './timeback-profile';
import { identifierTypes, ltiMessageTypes, metrics, roles, statuses } from './vocabularies';

/** A type of entity: what it is a subtype of, and its own attributes; those of its supertypes come with it. */
export interface EntityType {
  of: readonly string[];
  attributes?: Readonly<Record<string, Kind>>;
  /** Besides `id` and `type`. */
  required?: readonly string[];
}

/** Caliper 1.2, SystemIdentifier: another system's name for an entity. It is a value, not an entity. */
const systemIdentifier: Shape = {
  members: {
    type: oneOf(['SystemIdentifier']),
    identifier: 'text',
    identifierType: oneOf(identifierTypes),
    source: entity('SoftwareApplication'),
    extensions: 'map',
  },
  required: ['type', 'identifier', 'identifierType'],
};

/** Caliper 1.2, TextPositionSelector: characters from `start` to `end`. */
const textPosition: Shape = {
  members: { type: oneOf(['TextPositionSelector']), start: 'count', end: 'count', extensions: 'map' },
  required: ['type', 'start', 'end'],
};

const annotation = (attributes: Readonly<Record<string, Kind>> = {}): EntityType => ({
  of: ['Annotation'],
  attributes,
});
const resource = (attributes: Readonly<Record<string, Kind>> = {}): EntityType => ({
  of: ['DigitalResource'],
  attributes,
});
const response = (attributes: Readonly<Record<string, Kind>>): EntityType => ({ of: ['Response'], attributes });
const question = (attributes: Readonly<Record<string, Kind>> = {}): EntityType => ({ of: ['Question'], attributes });
const collectionOf = (type: string): EntityType => ({
  of: ['DigitalResourceCollection'],
  attributes: { items: list(entity(type)) },
});

const timeSpan = { startedAtTime: 'time', endedAtTime: 'time', duration: 'duration' } as const;
const labels = { itemLabels: list('text'), itemValues: list('text') } as const;

/** Every entity of Caliper 1.2, by its term (Appendix "Entities"), and those of the TimebackProfile. */
export const entityTypes: Readonly<Record<string, EntityType>> = {
  Entity: {
    of: [],
    attributes: {
      '@context': 'anything',
      id: 'entityId',
      type: 'text',
      name: 'text',
      description: 'text',
      dateCreated: 'time',
      dateModified: 'time',
      otherIdentifiers: list({ shape: systemIdentifier }),
      isPartOf: entity('Entity'),
      extensions: 'map',
    },
  },

  Agent: { of: ['Entity'] },
  Person: { of: ['Agent'] },
  SoftwareApplication: {
    of: ['Agent'],
    attributes: { version: 'text', host: 'text', userAgent: 'text', ipAddress: 'text' },
  },
  Organization: {
    of: ['Agent'],
    attributes: { subOrganizationOf: entity('Organization'), members: list(entity('Agent')) },
  },
  Group: { of: ['Organization'] },
  CourseOffering: { of: ['Organization'], attributes: { academicSession: 'text', courseNumber: 'text' } },
  CourseSection: { of: ['CourseOffering'], attributes: { category: 'text' } },
  Membership: {
    of: ['Entity'],
    attributes: {
      member: entity('Person'),
      organization: entity('Organization'),
      roles: list(oneOf(roles)),
      status: oneOf(statuses),
    },
  },

  DigitalResource: {
    of: ['Entity'],
    attributes: {
      storageName: 'text',
      creators: list(entity('Agent')),
      mediaType: 'text',
      keywords: list('text'),
      learningObjectives: list(entity('LearningObjective')),
      datePublished: 'time',
      version: 'text',
    },
  },
  Collection: { of: ['Entity'], attributes: { items: list(entity('Entity')) } },
  DigitalResourceCollection: {
    of: ['DigitalResource', 'Collection'],
    attributes: { items: list(entity('DigitalResource')) },
  },
  AssignableDigitalResource: resource({
    dateToActivate: 'time',
    dateToShow: 'time',
    dateToStartOn: 'time',
    dateToSubmit: 'time',
    maxAttempts: 'count',
    maxSubmits: 'count',
    maxScore: 'number',
  }),
  Assessment: {
    of: ['AssignableDigitalResource', 'DigitalResourceCollection'],
    attributes: { items: list(entity('AssessmentItem')) },
  },
  AssessmentItem: { of: ['AssignableDigitalResource'], attributes: { isTimeDependent: 'boolean' } },
  Chapter: resource(),
  Document: resource(),
  Frame: resource({ index: 'count' }),
  Page: resource(),
  WebPage: resource(),
  LtiLink: resource({ messageType: oneOf(ltiMessageTypes) }),
  MediaLocation: resource({ currentTime: 'duration' }),
  MediaObject: resource({ duration: 'duration' }),
  ImageObject: { of: ['MediaObject'] },
  VideoObject: { of: ['MediaObject'] },
  AudioObject: {
    of: ['MediaObject'],
    attributes: { muted: 'boolean', volumeLevel: 'text', volumeMax: 'text', volumeMin: 'text' },
  },
  // Of Caliper 1.0, deprecated since 1.1; sensors of that time still name them.
  Reading: resource(),
  EpubChapter: resource(),
  EpubPart: resource(),
  EpubSubChapter: resource(),
  EpubVolume: resource(),

  Forum: collectionOf('Thread'),
  Thread: collectionOf('Message'),
  Message: resource({ body: 'text', replyTo: entity('Message'), attachments: list(entity('DigitalResource')) }),

  Annotation: {
    of: ['Entity'],
    attributes: { annotated: entity('DigitalResource'), annotator: entity('Person') },
  },
  BookmarkAnnotation: annotation({ bookmarkNotes: 'text' }),
  HighlightAnnotation: annotation({ selection: { shape: textPosition }, selectionText: 'text' }),
  SharedAnnotation: annotation({ withAgents: list(entity('Agent')) }),
  TagAnnotation: annotation({ tags: list('text') }),

  Attempt: {
    of: ['Entity'],
    attributes: { assignee: entity('Person'), assignable: entity('DigitalResource'), count: 'count', ...timeSpan },
  },
  Response: { of: ['Entity'], attributes: { attempt: entity('Attempt'), ...timeSpan } },
  FillinBlankResponse: response({ values: list('text') }),
  MultipleChoiceResponse: response({ value: 'text' }),
  MultipleResponseResponse: response({ values: list('text') }),
  SelectTextResponse: response({ values: list('text') }),
  TrueFalseResponse: response({ value: 'text' }),
  DateTimeResponse: response({ dateTimeSelected: 'time' }),
  MultiselectResponse: response({ selections: list('text') }),
  OpenEndedResponse: response({ value: 'text' }),
  RatingScaleResponse: response({ selections: list('text') }),

  Result: {
    of: ['Entity'],
    attributes: {
      attempt: entity('Attempt'),
      maxResultScore: 'number',
      resultScore: 'number',
      scoredBy: entity('Agent'),
      comment: 'text',
    },
  },
  Score: {
    of: ['Entity'],
    attributes: {
      attempt: entity('Attempt'),
      maxScore: 'number',
      scoreGiven: 'number',
      scoredBy: entity('Agent'),
      comment: 'text',
    },
  },
  LearningObjective: { of: ['Entity'] },
  Link: { of: ['Entity'] },

  AggregateMeasure: {
    of: ['Entity'],
    attributes: {
      metric: oneOf(metrics),
      metricValue: 'number',
      maxMetricValue: 'number',
      startedAtTime: 'time',
      endedAtTime: 'time',
    },
    required: ['metric', 'metricValue'],
  },
  AggregateMeasureCollection: { of: ['Collection'], attributes: { items: list(entity('AggregateMeasure')) } },

  Session: {
    of: ['Entity'],
    attributes: { user: entity('Person'), client: entity('SoftwareApplication'), ...timeSpan },
  },
  LtiSession: { of: ['Session'], attributes: { messageParameters: 'map' } },

  Query: {
    of: ['Entity'],
    attributes: { creator: entity('Person'), searchTarget: entity('Entity'), searchTerms: 'text' },
  },
  SearchResponse: {
    of: ['Entity'],
    attributes: {
      searchProvider: entity('SoftwareApplication'),
      searchTarget: entity('Entity'),
      query: entity('Query'),
      searchResultsItemCount: 'count',
      searchResults: list(entity('Entity')),
    },
  },

  Comment: {
    of: ['Entity'],
    attributes: { commenter: entity('Person'), commentedOn: entity('Entity'), value: 'text' },
  },
  Rating: {
    of: ['Entity'],
    attributes: {
      rater: entity('Person'),
      rated: entity('Entity'),
      question: entity('Question'),
      scale: entity('Scale'),
      selections: list('text'),
      ratingComment: entity('Comment'),
    },
  },
  Scale: { of: ['Entity'] },
  LikertScale: { of: ['Scale'], attributes: { scalePoints: 'count', ...labels } },
  MultiselectScale: {
    of: ['Scale'],
    attributes: {
      scalePoints: 'count',
      ...labels,
      isOrderedSelection: 'boolean',
      minSelections: 'count',
      maxSelections: 'count',
    },
  },
  NumericScale: {
    of: ['Scale'],
    attributes: { minValue: 'number', minLabel: 'text', maxValue: 'number', maxLabel: 'text', step: 'number' },
  },

  Question: resource({ questionPosed: 'text' }),
  DateTimeQuestion: question({ minDateTime: 'time', minLabel: 'text', maxDateTime: 'time', maxLabel: 'text' }),
  MultiselectQuestion: question({ points: 'count', ...labels }),
  OpenEndedQuestion: question(),
  RatingScaleQuestion: question({ scale: entity('Scale') }),
  Questionnaire: collectionOf('QuestionnaireItem'),
  QuestionnaireItem: resource({ question: entity('Question'), categories: list('text'), weight: 'number' }),
  Survey: { of: ['Collection'], attributes: { items: list(entity('Questionnaire')) } },
  // The specification's table has `sentDate`, its context document and examples `dateSent`.
  SurveyInvitation: resource({
    rater: entity('Person'),
    survey: entity('Survey'),
    sentCount: 'count',
    dateSent: 'time',
    sentDate: 'time',
  }),

  ...timebackTypes,
};
