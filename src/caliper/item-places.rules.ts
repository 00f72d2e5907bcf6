/** Where an item lies in the JSON of its envelope, in bytes. */
export interface ItemPlace {
  start: number;
  end: number;
}

const quote = 0x22;
const comma = 0x2c;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Where each item of an envelope's `data` begins and ends, so that it can be kept as it came. `json` is UTF-8 that JSON.parse
 * took, an object whose `data` is a list. Of members of one name the last counts, as for JSON.parse.
 */
export function findItems(json: Buffer): ItemPlace[] {
  let items: ItemPlace[] = [];
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (json[at] === quote) {
    const name = at;
    at = endOfText(json, at);
    const isData = JSON.parse(json.toString('utf8', name, at)) === 'data';
    at = skipSpace(json, skipSpace(json, at) + 1); // Behind the colon.
    const value = at;
    if (isData && json[value] === openList) [items, at] = readList(json, value);
    else at = endOfValue(json, value);
    at = skipSpace(json, at);
    if (json[at] === comma) at = skipSpace(json, at + 1);
  }
  return items;
}

function readList(json: Buffer, start: number): [items: ItemPlace[], end: number] {
  const items: ItemPlace[] = [];
  let at = skipSpace(json, start + 1);
  while (json[at] !== closeList) {
    const end = endOfValue(json, at);
    items.push({ start: at, end });
    at = skipSpace(json, end);
    if (json[at] === comma) at = skipSpace(json, at + 1);
  }
  return [items, at + 1];
}

/** Not recursive: a value may be nested a million deep. */
function endOfValue(json: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at);
    else {
      if (byte === openObject || byte === openList) depth += 1;
      else if (byte === closeObject || byte === closeList) depth -= 1;
      at += 1;
    }
  } while (depth > 0 || isWithinScalar(json, start, at));
  return at;
}

/** A number, true, false or null goes on until something else begins. */
function isWithinScalar(json: Buffer, start: number, at: number): boolean {
  const first = json[start];
  if (first === quote || first === openObject || first === openList) return false;
  const byte = json[at];
  return at < json.length && byte !== comma && byte !== closeList && byte !== closeObject && !isSpace(byte);
}

/** Behind its closing quote. */
function endOfText(json: Buffer, start: number): number {
  let at = start + 1;
  let byte: number | undefined;
  while ((byte = json[at]) !== quote) at += byte === backslash ? 2 : 1;
  return at + 1;
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function skipSpace(json: Buffer, start: number): number {
  let at = start;
  while (isSpace(json[at])) at += 1;
  return at;
}
