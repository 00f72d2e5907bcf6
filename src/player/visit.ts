import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Resources } from '../resources';
import type { CommitRate } from './commit-rate';
import type { ContentFiles } from './content-files';
import type { PlayerAsset } from './player-assets';
import type { Session, Sessions } from './sessions';
import type { UnitDoor } from './unit-doors';

/** What all requests of the content origin share. */
export interface ContentOrigin {
  resources: Resources;
  files: ContentFiles;
  sessions: Sessions;
  assets: ReadonlyMap<string, PlayerAsset>;
  commitRate: CommitRate;
  /** The xAPI resource as units' content finds it. */
  xapi: UnitDoor;
}

/** One request, with what its path says. */
export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  /** Without the query, percent-encoded. */
  path: string;
  origin: ContentOrigin;
}

/** `rest`: what the path has after the session's token and the handler's name. */
export type SessionHandler = (visit: Visit, session: Session, rest: string) => Promise<void>;
