import { v7 as uuid, version } from 'uuid';
import { firstIdAt, lastIdAt, newXapiId } from '../../src/database/ids';

test('ids of a moment and later are not below the first of it, those before are', () => {
  const moment = new Date('2026-11-01T12:00:00.123Z');
  const at = (ms: number) => uuid({ msecs: moment.getTime() + ms, seq: 0, random: new Uint8Array(16) });
  expect(at(-1) < firstIdAt(moment)).toBe(true);
  expect(at(0) >= firstIdAt(moment)).toBe(true);
  expect(at(1) > firstIdAt(moment)).toBe(true);
});

test('the beginning of time is before all', () => {
  expect(firstIdAt(new Date(-1)) < uuid()).toBe(true);
});

test('no id of a moment and before is above the last of it, those after are', () => {
  const moment = new Date('2026-11-01T12:00:00.123Z');
  const at = (ms: number) =>
    uuid({ msecs: moment.getTime() + ms, seq: 0xfffffff, random: new Uint8Array(16).fill(255) });
  expect(at(0) <= lastIdAt(moment)).toBe(true);
  expect(at(1) > lastIdAt(moment)).toBe(true);
});

test('ids for xAPI are of version 4, and ascend', () => {
  const ids = Array.from({ length: 100 }, newXapiId);
  expect(ids.filter((id) => version(id) !== 4)).toEqual([]);
  expect(ids.toSorted()).toEqual(ids);
  expect(newXapiId() >= firstIdAt(new Date(Date.now() - 1000))).toBe(true);
});
