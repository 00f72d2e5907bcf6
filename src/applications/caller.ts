import { forbidden, notFound } from '../errors';
import type { Reach } from '../statements/reach';

/** What a key may do. The document's scopes of the Course Service, and the hub's own. */
export const scopes = [
  'read',
  'write',
  'delete',
  'read:course',
  'write:course',
  'delete:course',
  'read:hub',
  'write:hub',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** What a key gets when nothing is said: everything inside its own application. */
export const applicationScopes: readonly Scope[] = ['read', 'write', 'delete', 'read:hub', 'write:hub'];

/** Who sent a request: a key of an application, or of an administrator, or a token of one. */
export interface Caller {
  keyId: string;
  keyExpiresAt: Date | undefined;
  /** The tenant. Absent for an administrator, who belongs to none. */
  applicationId: string | undefined;
  /** The key's, or the fewer that its token has. */
  scopes: readonly Scope[];
  /** Event-store programs that the key may publish for. */
  programs: readonly string[];
  /** How much of the application's xAPI store it reaches, where that is not all. */
  reach?: Reach;
}

/** The tenant whose records the caller sees; an administrator's key has none. */
export function requireApplication({ applicationId }: Caller): string {
  if (applicationId === undefined) {
    throw forbidden('This is an administrator’s key, which belongs to no application; use a key of the application.');
  }
  return applicationId;
}

/**
 * The tenant that a request of the hub API is about: the caller's own, or the one that an administrator names. Undefined is
 * an administrator who means all of them. Not-found where a key names another's application.
 */
export function tenantOf({ applicationId }: Caller, named: string | undefined): string | undefined {
  if (applicationId === undefined || named === undefined || named === applicationId) return applicationId ?? named;
  throw notFound(`There is no application ${named}.`);
}
