/**
 * How large the descriptive part of a package may be. Real manifests stay far below: the largest seen in the wild list some
 * ten thousand files in 3 MB. What is kept of a package goes into one row, so that its texts are bounded as well.
 */
export const descriptorLimits = {
  /** Bytes of imsmanifest.xml, cmi5.xml or tincan.xml. */
  bytes: 20 * 1024 * 1024,
  /** Bytes of one file of an AICC course. */
  aiccBytes: 2 * 1024 * 1024,
  /** Bytes of a metadata file that a manifest points to. */
  metadataBytes: 2 * 1024 * 1024,
  /** Elements inside elements. */
  depth: 100,
  /** Elements in all: about 150 bytes of memory each, so 30 MB. */
  elements: 200_000,
  /** Characters of one attribute's value. */
  attribute: 65_536,
  /** Items, blocks and assignable units. cmi5 6.1 asks for more than 1,000. */
  activities: 10_000,
  /** Characters. */
  title: 500,
  description: 10_000,
  keyword: 200,
  launchData: 65_536,
  keywords: 100,
  warnings: 100,
  /** Characters of one warning: it may quote what the author wrote. */
  warning: 600,
} as const;
