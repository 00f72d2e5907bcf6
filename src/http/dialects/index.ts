import { caliper } from './caliper';
import type { Dialect } from './dialect';
import { loep } from './loep';
import { oauth } from './oauth';
import { problem } from './problem';
import { scormCloud } from './scorm-cloud';
import { xapi } from './xapi';

export { statusOf, type Dialect } from './dialect';

/** Which API owns a path. The first that fits decides; the hub's own dialect takes the rest. */
const doors: readonly { prefix: string; dialect: Dialect }[] = [
  { prefix: '/api/v2', dialect: scormCloud },
  { prefix: '/oauth/token', dialect: oauth },
  { prefix: '/api/v1/los', dialect: loep },
  { prefix: '/los', dialect: loep },
  { prefix: '/caliper', dialect: caliper },
  { prefix: '/xapi', dialect: xapi },
];

export const dialectOf = (path: string): Dialect =>
  doors.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.dialect ?? problem;
