/**
 * What reading a course package finds, whatever its standard. These shapes are stored with the course version, shown by
 * the Course Service and used to seed a launch.
 */

/** SCORM Cloud's names of the learning standards (CourseSchema.courseLearningStandard). */
export const learningStandards = [
  'UNKNOWN',
  'SCORM11',
  'SCORM12',
  'SCORM20042NDEDITION',
  'SCORM20043RDEDITION',
  'SCORM20044THEDITION',
  'AICC',
  'XAPI',
  'CMI5',
  'LTI13',
] as const;
export type LearningStandard = (typeof learningStandards)[number];

/** SCORM Cloud's activity types (CourseActivitySchema.activityType). */
export type ActivityType = 'UNKNOWN' | 'AGGREGATION' | 'SCO' | 'ASSET' | 'OBJECTIVE';

/** A place in a file or a store that can be read at random: a package on disk, or in an object store. */
export interface RandomAccess {
  /** Bytes in all. */
  readonly size: number;
  /** Reads exactly `length` bytes at `offset`; fails when the source ends before. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** One file inside a package, where its bytes lie in the stored zip. */
export interface PackageEntry {
  /** Path inside the package: forward slashes, no leading slash, no `.` or `..` segments. */
  path: string;
  /** Where the file's data begins in the zip, behind its local header. */
  dataOffset: number;
  compressedSize: number;
  size: number;
  method: 'stored' | 'deflated';
  /** CRC-32 of the uncompressed bytes. */
  crc32: number;
}

/** A learning objective that an activity refers to: what `cmi.objectives` starts with (SCORM 2004 RTE 4.2.17). */
export interface ActivityObjective {
  identifier: string;
  title?: string;
  /** The one that the activity's own score and success roll up to (SCORM 2004 SN). */
  primary?: boolean;
}

/** An activity of the course's tree, with all that a launch needs of the package. */
export interface Activity {
  /** The manifest's id of the item, block or AU, trimmed. */
  identifier: string;
  resourceIdentifier?: string;
  type: ActivityType;
  title: string;
  description?: string;
  /**
   * What is launched, `parameters` included: a URL reference from the package's root (its path percent-encoded, so that
   * decoding it gives the file's path), or an absolute URL. Absent for a folder. The file may still be missing: that is a
   * parser warning, and an asset may bring it later.
   */
  href?: string;
  /** -1 to 1 (SCORM 2004 `minNormalizedMeasure`), 0 to 1 (cmi5 `masteryScore`). */
  scaledPassingScore?: number;
  /** 0 to 100 or as the AICC course says (SCORM 1.2 `adlcp:masteryscore`, AICC `mastery_score`), as written. */
  masteryScore?: string;
  prerequisites?: string;
  maxTimeAllowed?: string;
  timeLimitAction?: string;
  /** `adlcp:datafromlms` / `dataFromLMS` / AICC `core_vendor` / cmi5 `launchParameters`. */
  launchData?: string;
  /** As written in the item (or AICC `web_launch`); `href` holds them already. */
  parameters?: string;
  /** Not shown in the course's structure (`isvisible="false"`). */
  hidden?: boolean;
  /** The item carries IMS Simple Sequencing rules of its own (SCORM 2004). */
  sequenced?: boolean;
  /** What seeds `cmi.completion_threshold`, 0 to 1 (SCORM 2004). */
  completionThreshold?: number;
  /** Player controls that the item wants hidden (SCORM 2004 `adlnav:hideLMSUI`): previous, continue, exit, … */
  hiddenControls?: string[];
  objectives?: ActivityObjective[];
  /** cmi5 `moveOn`; of a media file: when it counts as done. */
  moveOn?: string;
  /** cmi5 `launchMethod`. */
  launchMethod?: string;
  /** cmi5 `entitlementKey`. */
  entitlementKey?: string;
  /** The IRI of the activity's xAPI type (cmi5 `activityType`, tincan.xml `type`). */
  xapiActivityType?: string;
  children: Activity[];
}

/** The descriptive data that the Course Service shows (MetadataSchema). */
export interface CourseMetadata {
  title: string;
  titleLanguage?: string;
  description?: string;
  descriptionLanguage?: string;
  /** ISO 8601, as written in the package. */
  duration?: string;
  typicalTime?: string;
  keywords: string[];
}

/** How much a SCORM manifest lists: resources, those of them that are SCOs, and listed files that the package lacks. */
export interface ResourceCounts {
  total: number;
  scos: number;
  missingFiles: number;
}

export interface CoursePackage {
  learningStandard: LearningStandard;
  title: string;
  /** The package's own id: manifest identifier, cmi5 course id, AICC Course_ID, activity id. */
  identifier: string;
  /** The IRI that the package gives itself (tincan.xml activity id, cmi5 course id). */
  xapiActivityId?: string;
  metadata: CourseMetadata;
  /** Languages in which the package speaks (BCP 47, as written), without repeats. */
  languages: string[];
  /** What is launched first, as `Activity.href`. */
  launchHref: string;
  /** The path of the descriptor that was read; absent for a single media file. */
  manifestPath?: string;
  /** Of a media course: its media type (`video/mp4`), or `youtube` or `url` for such a reference. */
  mediaType?: string;
  /** What a SCORM manifest lists. */
  resources?: ResourceCounts;
  rootActivity: Activity;
  /** Whether any activity, or the organization, carries sequencing rules. */
  sequenced: boolean;
  /** For the course author: what was lenient to read, one sentence each. */
  parserWarnings: string[];
}

/** What a caller says of a single media file (MediaFileMetadataSchema), and of any upload. */
export interface MediaFileMetadata {
  title?: string;
  description?: string;
  contentLanguage?: string;
  /** Seconds. */
  estimatedDuration?: number;
}
