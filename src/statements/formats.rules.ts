/** The versions of xAPI that can be spoken: 1.0.3, and 2.0.0, which is IEEE 9274.1.1. */
export const versions = ['1.0.3', '2.0.0'] as const;
export type XapiVersion = (typeof versions)[number];

/** Those that are spoken where `newest` is the newest. */
export const versionsUpTo = (newest: XapiVersion): XapiVersion[] => versions.filter((one) => one <= newest);

/** What a request's X-Experience-API-Version asks for; undefined: for something that is none of these. */
export function versionOf(header: unknown, spoken: readonly XapiVersion[]): XapiVersion | undefined {
  const [, minor] = /^([12]\.0)(\.\d+)?$/.exec(typeof header === 'string' ? header.trim() : '') ?? [];
  return minor === undefined ? undefined : spoken.find((one) => one.startsWith(minor));
}

/** A scheme, and after it nothing that has no place in an IRI (RFC 3987 2.2). */
const iri = /^[a-z][a-z\d+.-]*:[^\s\p{Cc}<>"{}|\\^`]+$/iu;
/** As long as what an index entry of a list could be; longer ones only cost. */
export const maxIriLength = 4000;

export const isIri = (text: string): boolean => text.length <= maxIriLength && iri.test(text);

/** An IRI that can be fetched: it has an authority, or at least a path. */
export const isIrl = isIri;

export const isMailto = (text: string): boolean => /^mailto:[^\s@<>"]+@[^\s@<>"]+$/.test(text) && text.length <= 1000;

export const isSha1 = (text: string): boolean => /^[\da-f]{40}$/i.test(text);

/** SHA-224, 256, 384 or 512, in hex. */
export const isSha2 = (text: string): boolean => /^([\da-f]{56}|[\da-f]{64}|[\da-f]{96}|[\da-f]{128})$/i.test(text);

/** In the standard form of RFC 4122, of whatever version. */
export const isUuid = (text: string): boolean =>
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);

export const isMediaType = (text: string): boolean =>
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*[\w!#$&^.+-]+=("[^"\\\r\n]*"|[\w!#$&^.+-]+))*$/.test(text);

/** ISO 8601:2004 4.4.3.2: years to seconds, the last of them with a fraction; or weeks alone. */
const duration =
  /^P(?!$)(\d+([.,]\d+)?W|(\d+([.,]\d+(?=Y$))?Y)?(\d+([.,]\d+(?=M$))?M)?(\d+([.,]\d+(?=D$))?D)?(T(?=\d)(\d+([.,]\d+(?=H$))?H)?(\d+([.,]\d+(?=M$))?M)?(\d+([.,]\d+)?S)?)?)$/;

export const isDuration = (text: string): boolean => text.length <= 100 && duration.test(text);

const dayLength = 24 * 3600;
const partLengths = [365 * dayLength, 30 * dayLength, 7 * dayLength, dayLength, 3600, 60, 1];

/** Of a duration that was found right; years and months by their usual length. */
export function secondsOfDuration(text: string): number {
  const number = String.raw`([\d.]+)`;
  const pattern = `^P(?:${number}Y)?(?:${number}M)?(?:${number}W)?(?:${number}D)?(?:T(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`;
  const parts = new RegExp(pattern).exec(text.replaceAll(',', '.'))?.slice(1) ?? [];
  return parts.reduce((sum, part, index) => sum + Number(part ?? 0) * partLengths[index]!, 0);
}

const day = String.raw`(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const time = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)([.,]\d+)?`;
/** No offset of minus nothing: it says that the local time is unknown (RFC 3339 4.3), and both versions refuse it. */
const offset = String.raw`(Z|(?!-00:?(00)?$)[+-]([01]\d|2[0-3])(:?[0-5]\d)?)`;
const timestamps: Readonly<Record<XapiVersion, readonly RegExp[]>> = {
  // ISO 8601, extended or basic; a zone should be there, and need not (1.0.3 Data 4.5).
  '1.0.3': [
    new RegExp(`^${day}T${time}${offset}?$`),
    /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])[0-5]\d([0-5]\d|60)([.,]\d+)?(Z|(?!-00(00)?$)[+-]([01]\d|2[0-3])([0-5]\d)?)?$/,
  ],
  // RFC 3339 (9274.1.1 4.2.7).
  '2.0.0': [new RegExp(`^${day}[Tt ]${time}([Zz]|(?!-00:00$)[+-]([01]\\d|2[0-3]):[0-5]\\d)$`)],
};

export const isTimestamp = (text: string, version: XapiVersion): boolean =>
  text.length <= 60 && timestamps[version].some((pattern) => pattern.test(text)) && microsecondsOf(text) !== undefined;

/** The moment of a timestamp, in microseconds since 1970; UTC where it has no zone. Undefined: a day that no month has. */
export function microsecondsOf(text: string): number | undefined {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d):?(\d\d):?(\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d(?::?\d\d)?)?$/.exec(
    text,
  );
  if (!parts) return undefined;
  const [, year, month, date, hour, minute, second, fraction = '', zone = 'Z'] = parts;
  const days = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  if (days.getUTCDate() !== Number(date)) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - offsetMinutes(zone);
  const seconds = days.getTime() / 1000 + minutes * 60 + Number(second);
  return seconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

function offsetMinutes(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** A moment as statements have it: RFC 3339 in UTC, to the microsecond. */
export function timestampAt(microseconds: number): string {
  const micros = microseconds % 1_000_000;
  const second = new Date((microseconds - micros) / 1000).toISOString().slice(0, 19);
  return `${second}.${String(micros).padStart(6, '0')}Z`;
}

/** RFC 5646 2.1, without the tags that it keeps for their age; no two extensions of one letter. */
const languageTag =
  /^([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*(?<extensions>(-[\da-wy-z](-[a-z\d]{2,8})+)*)(-x(-[a-z\d]{1,8})+)?$/i;
const oldTags = new Set(
  'en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu sgn-be-fr sgn-be-nl sgn-ch-de'.split(
    ' ',
  ),
);

export function isLanguageTag(text: string): boolean {
  if (text.length > 100) return false;
  const parts = languageTag.exec(text);
  if (!parts) return /^x(-[a-z\d]{1,8})+$/i.test(text) || oldTags.has(text.toLowerCase());
  const letters = (parts.groups?.['extensions'] ?? '').toLowerCase().match(/-[\da-z](?=-)/g) ?? [];
  return new Set(letters).size === letters.length;
}
