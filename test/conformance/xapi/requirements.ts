const rules = 'statement-rules.test.ts';
const statements = 'statement-resource.test.ts';
const documents = 'documents.test.ts';

/** Where a requirement is shown, or why it is not: a sentence. */
export type Coverage = string | { not: string };

const range = (from: number, to: number, where: Coverage): [string, Coverage][] =>
  Array.from({ length: to - from + 1 }, (_, index) => [`XAPI-${String(from + index).padStart(5, '0')}`, where]);

const isVoid = (why: string): Coverage => ({ not: why });

/**
 * ADL's conformance requirements of an LRS (xapi-lrs-conformance-requirements), each with the test file whose titles name it. Later
 * lines count over earlier ones.
 */
export const requirements: Readonly<Record<string, Coverage>> = Object.fromEntries([
  ...range(1, 14, rules),
  ...range(2, 2, statements),
  ...range(12, 12, statements),
  ...range(15, 16, statements),
  ...range(17, 17, rules),
  ...range(18, 19, statements),
  ...range(20, 20, rules),
  ...range(21, 21, statements),
  ...range(22, 25, rules),
  ...range(26, 26, statements),
  ...range(27, 95, rules),
  ...range(96, 97, statements),
  ...range(98, 98, rules),
  ...range(99, 99, statements),
  ...range(100, 107, rules),
  ...range(108, 117, statements),
  ...range(118, 121, rules),
  ...range(122, 122, statements),
  ...range(123, 124, rules),
  ...range(125, 135, statements),
  ...range(136, 136, isVoid('There is no requirement of this number.')),
  ...range(137, 137, isVoid('The suite has removed it: MIME-Version is no header of a request (RFC 9110).')),
  ...range(138, 138, isVoid('The suite has removed it: it says what XAPI-00127 says.')),
  ...range(139, 139, statements),
  ...range(140, 141, documents),
  ...range(142, 181, statements),
  ...range(182, 194, documents),
  ...range(195, 222, documents),
  ...range(
    223,
    223,
    isVoid('No version of the specification has since for deleting states, and the suite does not ask for it.'),
  ),
  ...range(224, 314, documents),
  ...range(315, 319, statements),
  ...range(320, 320, isVoid('It is about extensions, which an about may have and this one has not.')),
  ...range(321, 321, statements),
  ...range(322, 322, documents),
  ...range(323, 328, statements),
  ...range(329, 329, isVoid('It is about faults of network and server, which are 500 and 503 on every door.')),
  ...range(330, 336, statements),
]);
