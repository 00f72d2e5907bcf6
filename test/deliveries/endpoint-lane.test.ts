import type { SendableRow } from '../../src/deliveries/deliveries.store';
import { EndpointLane, type LaneLimits } from '../../src/deliveries/endpoint-lane';

const limits: LaneLimits = { slots: 3, rate: null };
const delivery = (id: number): SendableRow => ({ id: String(id), ...limits }) as SendableRow;

const limitedTo = (rate: number): EndpointLane => {
  const lane = new EndpointLane('endpoint', { slots: 3, rate });
  for (let id = 1; id <= 5; id += 1) lane.add({ ...delivery(id), rate });
  return lane;
};

function laneWith(count: number): EndpointLane {
  const lane = new EndpointLane('endpoint', limits);
  for (let id = 1; id <= count; id += 1) lane.add(delivery(id));
  return lane;
}

const takeAll = (lane: EndpointLane, now = 0): string[] => {
  const ids: string[] = [];
  for (let next = lane.next(now); next; next = lane.next(now)) ids.push(next.id);
  return ids;
};

test('gives out as many at a time as the endpoint has slots, in order', () => {
  const lane = laneWith(5);
  expect(takeAll(lane)).toEqual(['1', '2', '3']);
  lane.answered();
  expect(takeAll(lane)).toEqual(['4']);
  lane.answered();
  lane.answered();
  expect(takeAll(lane)).toEqual(['5']);
});

test('has a delivery in hand until its result is written', () => {
  const lane = laneWith(1);
  takeAll(lane);
  lane.answered();
  expect(lane.isIdle(0)).toBe(false);
  expect(lane.holding()).toMatchObject({ in_hand: 1, room: 2 });
  lane.done();
  expect(lane.isIdle(0)).toBe(true);
});

test('asks for twice what it has just finished, and for no more than its slots while nothing is', () => {
  const lane = laneWith(3);
  takeAll(lane);
  expect(lane.holding()).toMatchObject({ in_hand: 3, room: 0 });
  for (let count = 0; count < 3; count += 1) lane.done();
  expect(lane.holding()).toMatchObject({ in_hand: 0, room: 9 });
  expect(lane.holding()).toMatchObject({ in_hand: 0, room: 3 });
});

test.each([
  ['as many as it asked for', 3, true],
  ['fewer', 2, false],
])('a claim that gives %s: there may be more is %s', (_, given, expected) => {
  expect(laneWith(given).mayHaveMore).toBe(expected);
});

test('what was not sent yet can be given out of hand', () => {
  const lane = laneWith(5);
  takeAll(lane);
  expect(lane.drop()).toEqual(['4', '5']);
  expect(lane.holding()).toMatchObject({ in_hand: 3 });
});

describe('with a limit of requests a second', () => {
  test('one goes out each time its share of the second has passed', () => {
    const lane = limitedTo(10);
    expect(takeAll(lane, 1000)).toEqual(['1']);
    expect(lane.pause(1000)).toBe(100);
    expect(takeAll(lane, 1099)).toEqual([]);
    expect(takeAll(lane, 1100)).toEqual(['2']);
    expect(takeAll(lane, 1210)).toEqual(['3']);
    lane.answered();
    // A timer that was late does not lower the rate.
    expect(lane.pause(1210)).toBe(90);
  });

  test('no more is in hand than goes out in two seconds', () => {
    const lane = limitedTo(1);
    expect(lane.holding()).toMatchObject({ in_hand: 5, room: 0 });
    expect(new EndpointLane('endpoint', { slots: 3, rate: 1 }).holding()).toMatchObject({ room: 2 });
  });

  test('it is not idle before the next may go: what comes next has to wait too', () => {
    const lane = new EndpointLane('endpoint', { slots: 3, rate: 2 });
    lane.add({ ...delivery(1), rate: 2 });
    expect(takeAll(lane, 1000)).toEqual(['1']);
    lane.answered();
    lane.done();
    expect(lane.isIdle(1400)).toBe(false);
    expect(lane.isIdle(1500)).toBe(true);
  });
});
