import type { Resources } from '../resources';
import type { DocumentContent } from './document-merge.rules';
import type { DocumentScope } from './documents.store';
import type { XapiVersion } from './formats.rules';
import type { ReceivedStatements } from './receive-statements';
import { storeChecked } from './store-statements';

/** The documents of a scope, or the one of that id. */
export interface AskedDocuments {
  scope: DocumentScope;
  registration: string | undefined;
  id: string | undefined;
}

/** How much of an application's statements and documents a caller reaches. What it throws is forbidden. */
export interface Reach {
  /** Where the caller finds the resource: a path without a slash at its end. */
  path: string;
  /** All statements that it sees are of this registration; undefined: of any, or none. */
  registration: string | undefined;
  /** Of an agent, by its identifier, of whom something is asked or told; undefined: it is not named, and should be. */
  admitAgent: (identity: string | undefined) => void;
  /** Answers in which registration documents are looked for: undefined is any, and what is empty none. */
  admitDocuments: (asked: AskedDocuments, does: 'read' | 'change') => Promise<string | undefined> | string | undefined;
  /** Of a document that was admitted to be changed, what it is to hold, or what is to be joined with it. */
  admitContent: (asked: AskedDocuments, content: DocumentContent) => void;
  /** Stores what was found right; answers the statements' ids once they are committed. */
  store: (received: ReceivedStatements, version: XapiVersion) => Promise<string[]>;
}

/** A key of the application, or a token of one, reaches all. */
export const wholeReach = (applicationId: string, resources: Resources): Reach => ({
  path: `${new URL(resources.config.publicUrl).pathname.replace(/\/$/, '')}/xapi`,
  registration: undefined,
  admitAgent: () => undefined,
  admitDocuments: ({ registration }) => registration,
  admitContent: () => undefined,
  store: ({ statements, attachments }, version) =>
    storeChecked(statements, { applicationId, version, attachments }, resources),
});
