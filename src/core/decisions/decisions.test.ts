import { expect, test } from 'vitest';
import { createFrame, createTextColumn } from '../data/frame.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { contactList } from './contact-list.ts';
import { type ContactPool, chooseCut, nobody, suggestCut } from './cut.ts';
import { checkEconomics } from './economics.ts';
import { eligibleRows } from './exclusions.ts';
import { expectationOf } from './expectation.ts';
import { profitCurve } from './profit-curve.ts';

const economics = { valuePerConversion: 40, costPerContact: 4 };

function poolOf(raw: readonly number[], excluded: readonly number[] = []): ContactPool {
  const scores = Float64Array.from(raw);
  const eligible = Uint8Array.from(raw, (_, row) => (excluded.includes(row) ? 0 : 1));
  return { raw: scores, propensity: scores.map(sigmoid), eligible };
}

function simulated(rows: number, seed = 4) {
  const random = createRandom(seed);
  const pool = poolOf(Array.from({ length: rows }, () => random.normal() * 2));
  const labels = Int8Array.from(pool.raw, (raw) => (random.next() < sigmoid(raw - 2) ? 1 : 0));
  return { pool, labels, test: { labels, propensity: pool.propensity, eligible: pool.eligible } };
}

const small = poolOf([3, -1, 2, 0, 1], [2]);

test.each([
  [{ by: 'top-n', count: 2 }, 2, sigmoid(1)],
  [{ by: 'top-n', count: 99 }, 4, sigmoid(-1)],
  [{ by: 'top-share', share: 0.5 }, 2, sigmoid(1)],
  [{ by: 'budget', budget: 13 }, 3, sigmoid(0)],
  [{ by: 'score', score: sigmoid(1) }, 2, sigmoid(1)],
  [{ by: 'suggested' }, 3, 0.5],
  [{ by: 'top-n', count: 0 }, 0, nobody],
  [{ by: 'score', score: 1 }, 0, nobody],
] as const)('%j takes %i eligible customers down to %f', (choice, contacts, score) => {
  expect(chooseCut(choice, small, economics, 0.5)).toEqual({ contacts, score, tiedShare: 1 });
});

test('impossible cuts are refused by name', () => {
  expect(() => chooseCut({ by: 'top-share', share: 1.5 }, small, economics, 0.5)).toThrow('share is 1.5');
  expect(() => chooseCut({ by: 'score', score: Number.NaN }, small, economics, 0.5)).toThrow('score is NaN');
  expect(() => checkEconomics({ valuePerConversion: -1, costPerContact: 1 })).toThrow('valuePerConversion is -1');
});

test('the suggested cut is the depth with the highest profit, found by trying all', () => {
  const { pool, labels } = simulated(800);
  const cut = suggestCut(labels, pool.propensity, economics);
  const profitAt = (score: number): number => {
    let profit = 0;
    for (let row = 0; row < labels.length; row++) {
      if ((pool.propensity[row] as number) >= score) profit += 40 * (labels[row] as number) - 4;
    }
    return profit;
  };
  const best = Math.max(...Array.from(pool.propensity, profitAt));
  expect(best).toBeGreaterThan(0);
  expect(profitAt(cut)).toBe(best);
});

test('nobody is suggested when no conversion pays for its contact', () => {
  const { pool, labels } = simulated(200);
  expect(suggestCut(labels, pool.propensity, { valuePerConversion: 1, costPerContact: 2 })).toBe(nobody);
});

test('on the test customers themselves the expectation is what happened', () => {
  const { pool, labels, test: customers } = simulated(3000);
  const cut = chooseCut({ by: 'top-share', share: 0.2 }, pool, economics, 0);
  const expected = expectationOf(customers, cut, economics, 1);
  let bought = 0;
  for (let row = 0; row < labels.length; row++) {
    if ((pool.propensity[row] as number) >= cut.score) bought += labels[row] as number;
  }
  const buyers = labels.reduce<number>((sum, label) => sum + label, 0);
  expect(expected.contacts.value).toBe(600);
  expect(expected.conversions.value).toBe(bought);
  expect(expected.profit.value).toBe(40 * bought - 4 * 600);
  expect(expected.reach.value).toBeCloseTo(bought / buyers, 12);
  for (const { value, low, high } of Object.values(expected)) {
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
});

test('the expectation grows with the list, and its bands cover another draw of customers', () => {
  const { test: customers } = simulated(2000, 4);
  const list = simulated(8000, 5);
  const cut = chooseCut({ by: 'top-share', share: 0.2 }, list.pool, economics, 0);
  const { conversions } = expectationOf(customers, cut, economics, 1);
  let bought = 0;
  list.labels.forEach((label, row) => {
    if ((list.pool.propensity[row] as number) >= cut.score) bought += label;
  });
  expect(conversions.low).toBeLessThan(bought);
  expect(conversions.high).toBeGreaterThan(bought);
});

test('excluded buyers count among those not reached', () => {
  const pool = poolOf([3, 2, 1, 0], [0]);
  const customers = { labels: Int8Array.of(1, 1, 0, 0), propensity: pool.propensity, eligible: pool.eligible };
  const cut = chooseCut({ by: 'top-n', count: 1 }, pool, economics, 0);
  expect(expectationOf(customers, cut, economics, 1).reach.value).toBe(0.5);
});

test('a cut above every test customer promises nothing', () => {
  const customers = {
    labels: Int8Array.of(0, 1),
    propensity: Float64Array.of(0.1, 0.2),
    eligible: Uint8Array.of(1, 1),
  };
  const { conversions, profit } = expectationOf(customers, { score: 0.9, contacts: 5, tiedShare: 1 }, economics, 1);
  expect(conversions).toEqual({ value: 0, low: 0, high: 5 });
  expect(profit).toEqual({ value: -20, low: -20, high: 180 });
});

test('the profit curve begins at nothing and ends at everyone', () => {
  const { pool, test: customers } = simulated(1000);
  const curve = profitCurve(pool, customers, economics, 1);
  expect(curve[0]?.profit).toEqual({ value: 0, low: 0, high: 0 });
  expect(curve.at(-1)?.contacts.value).toBe(1000);
  expect(curve.at(-1)?.reach.value).toBe(1);
  expect(curve.every((point, i) => i === 0 || point.reach.value >= (curve[i - 1]?.reach.value as number))).toBe(true);
});

test('a list that ends among customers of one score expects a part of what they all bring', () => {
  const raw = Array.from({ length: 1000 }, (_, row) => (row < 200 ? 1 : -1));
  const pool = poolOf(raw);
  const labels = Int8Array.from(raw, (score, row) => Number(row % (score > 0 ? 4 : 10) === 0));
  const customers = { labels, propensity: pool.propensity, eligible: pool.eligible };
  const at = (count: number) => {
    const cut = chooseCut({ by: 'top-n', count }, pool, economics, 0);
    return { cut, ...expectationOf(customers, cut, economics, 1) };
  };
  expect(at(200).cut.tiedShare).toBe(1);
  expect(at(600).cut).toEqual({ score: sigmoid(-1), contacts: 600, tiedShare: 0.5 });
  expect([200, 600, 1000].map((count) => at(count).conversions.value)).toEqual([50, 90, 130]);
  expect(at(600).reach.value).toBeCloseTo(90 / 130, 12);
  const profits = profitCurve(pool, customers, economics, 1).map(({ profit }) => profit.value);
  const steps = profits.slice(1).map((profit, i) => profit - (profits[i] as number));
  expect(Math.max(...steps.slice(10)) - Math.min(...steps.slice(10))).toBeLessThan(1e-9);
});

test('exclusions name levels, texts and ranges; missing values are never named', () => {
  const frame = createFrame([
    { kind: 'category', name: 'consent', levels: ['yes', 'no'], codes: Int32Array.of(0, 1, -1, 0) },
    { kind: 'number', name: 'days', values: Float64Array.of(1, 50, 60, Number.NaN) },
    createTextColumn('city', ['Ulm', 'Bonn', '', 'Ulm']),
  ]);
  expect([...eligibleRows(frame, [{ column: 'consent', values: ['no'] }])]).toEqual([1, 0, 1, 1]);
  expect([...eligibleRows(frame, [{ column: 'days', atMost: 50 }])]).toEqual([0, 0, 1, 1]);
  expect([...eligibleRows(frame, [{ column: 'days', atLeast: 50, atMost: 55 }])]).toEqual([1, 0, 1, 1]);
  expect([...eligibleRows(frame, [{ column: 'city', values: ['Ulm'] }])]).toEqual([0, 1, 1, 0]);
  expect([...eligibleRows(frame, [{ column: 'days' }])]).toEqual([1, 1, 1, 1]);
  expect(() => eligibleRows(frame, [{ column: 'nope', values: [] }])).toThrow('"nope"');
});

test('the list ranks everyone, contacts the cut and holds back the control share', () => {
  const { pool } = simulated(500);
  const options = { pool, controlShare: 0.1, seed: 9 };
  const cut = chooseCut({ by: 'top-n', count: 100 }, pool, economics, 0);
  const list = contactList({ ...options, cut });
  expect(new Set(list.rows).size).toBe(500);
  const scores = Array.from(list.rows, (row) => pool.propensity[row] as number);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  const count = (marks: Uint8Array) => marks.reduce((sum, mark) => sum + mark, 0);
  expect(count(list.contact)).toBe(90);
  expect(count(list.control)).toBe(10);
  expect(list.contact.some((mark, place) => mark === 1 && list.control[place] === 1)).toBe(false);
  expect(count(list.contact.subarray(100)) + count(list.control.subarray(100))).toBe(0);
  expect(contactList({ ...options, cut })).toEqual(list);
  expect(contactList({ ...options, cut, seed: 10 }).control).not.toEqual(list.control);
});

test('the excluded keep their rank and are not contacted', () => {
  const cut = chooseCut({ by: 'top-n', count: 2 }, small, economics, 0);
  expect(contactList({ pool: small, cut, controlShare: 0, seed: 1 })).toEqual({
    rows: Uint32Array.of(0, 2, 4, 3, 1),
    contact: Uint8Array.of(1, 0, 1, 0, 0),
    control: new Uint8Array(5),
  });
});
