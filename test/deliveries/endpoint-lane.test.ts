import type { SendableRow } from '../../src/deliveries/deliveries.store';
import { EndpointLane } from '../../src/deliveries/endpoint-lane';

const slots = 3;
const delivery = (id: number): SendableRow => ({ id: String(id) }) as SendableRow;

function laneWith(count: number): EndpointLane {
  const lane = new EndpointLane('endpoint', slots);
  for (let id = 1; id <= count; id += 1) lane.add(delivery(id));
  return lane;
}

const takeAll = (lane: EndpointLane): string[] => {
  const ids: string[] = [];
  for (let next = lane.next(); next; next = lane.next()) ids.push(next.id);
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
  expect(lane.isIdle).toBe(false);
  expect(lane.holding()).toMatchObject({ in_hand: 1, room: 2 });
  lane.done();
  expect(lane.isIdle).toBe(true);
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
