/**
 * The closed list of what workflows can be searched by. SQL visibility has little room (a handful of keywords and
 * datetimes per namespace), and nothing personal belongs there: ids and states only.
 */
export const searchAttributes = [
  { name: 'HubApplicationId', type: 'Keyword' },
  { name: 'HubCourseId', type: 'Keyword' },
  { name: 'HubJobId', type: 'Keyword' },
  { name: 'HubState', type: 'Keyword' },
  { name: 'HubEndpointId', type: 'Keyword' },
  { name: 'HubProgramId', type: 'Keyword' },
  { name: 'HubLearnerId', type: 'Keyword' },
  { name: 'HubEnrollmentId', type: 'Keyword' },
  { name: 'HubNextWake', type: 'Datetime' },
] as const;

export type SearchAttributeName = (typeof searchAttributes)[number]['name'];

/** Values to set, as they are kept in the outbox: strings, dates in ISO 8601. */
export type SearchAttributeValues = Partial<Record<SearchAttributeName, string>>;
