import { effectiveConfiguration } from '../configuration/effective-configuration';
import { type CourseVersionRow, findVersionById } from '../courses/courses.store';
import { Recent } from '../database/recent';
import type { Resources } from '../resources';
import { readSessionToken } from './launch-tokens';
import { findLaunch, type LaunchRow } from './launches.store';
import type { Configuration } from './player-settings';
import { findRegistration, type RegistrationRow } from './registrations.store';

/** What a session's requests are about. */
export interface Session {
  launch: LaunchRow;
  registration: RegistrationRow;
  version: CourseVersionRow;
  settings: Configuration;
}

/** After its opening a session's address is good for so long, in ms: nobody looks at a course for two days without a break. */
const sessionMs = 48 * 3600 * 1000;

/** Finds sessions by the token in their address; asked for every file, so what was read is kept for a second. */
export class Sessions {
  private readonly recent: Recent<Session>;

  constructor(private readonly resources: Pick<Resources, 'db' | 'secrets'>) {
    this.recent = new Recent((launchId) => this.read(launchId));
  }

  /** Undefined for a token that is not ours, and for a session that is over. */
  async find(token: string): Promise<Session | undefined> {
    const launchId = readSessionToken(token, this.resources.secrets);
    return launchId === undefined ? undefined : this.findById(launchId);
  }

  /** Of a launch that a token named. */
  async findById(launchId: string): Promise<Session | undefined> {
    const session = await this.recent.get(launchId);
    const openedAt = session?.launch.opened_at;
    return openedAt && Date.now() - openedAt.getTime() < sessionMs ? session : undefined;
  }

  private async read(launchId: string): Promise<Session | undefined> {
    const { db } = this.resources;
    const launch = await findLaunch(db, launchId);
    const registration = launch && (await findRegistration(db, launch.registration_id));
    const version = registration && (await findVersionById(db, registration.version_id));
    if (!launch || !registration || !version) return undefined;
    const settings = await effectiveConfiguration(db, {
      level: 'version',
      applicationId: registration.application_id,
      learningStandard: version.learning_standard,
      courseId: version.course_id,
      versionId: version.id,
    });
    return { launch, registration, version, settings };
  }
}
