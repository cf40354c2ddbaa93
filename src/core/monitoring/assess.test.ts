import { beforeAll, expect, test } from 'vitest';
import { makeCustomers } from '../data/customers/make-customers.ts';
import { createTextColumn, createFrame, findColumn, type Frame, getColumn } from '../data/frame.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { assessWindow, type WindowAssessment } from './assess.ts';
import { figuresOf } from './alerts/figures.ts';
import { immatureBecause, type JoinedLabels, joinLabels } from './labels.ts';
import { readReferenceWindow } from './read-window.ts';
import { type CustomerPool, type DriftKind, simulateWindow, strengthAt } from './simulate.ts';
import { makeReferenceWindow, type ReferenceWindow } from './window.ts';
import { restore } from './money.ts';

const cutoffs = { high: 0.7, medium: 0.4, cut: 0.6 };
const economics = { valuePerConversion: 40, costPerContact: 4 };
let pool: CustomerPool;
let window: ReferenceWindow;

/** A model that has not learned: it reads two columns. */
function scoresOf({ columns }: Frame) {
  const numbers = columns.filter((column) => column.kind === 'number');
  const [x, y] = [numbers[0], numbers[1]].map((column) => column?.values as Float64Array);
  const raw = Float64Array.from(
    x as Float64Array,
    (value, row) => (value || 0) + 0.5 * ((y as Float64Array)[row] || 0),
  );
  return { propensity: raw.map(sigmoid), probability: raw.map((value) => sigmoid(value - 2)) };
}

beforeAll(() => {
  const random = createRandom(1);
  const rowCount = 12_000;
  const draw = (name: string) => ({
    kind: 'number' as const,
    name,
    values: Float64Array.from({ length: rowCount }, () => 1.2 * random.normal()),
  });
  const codes = Int32Array.from({ length: rowCount }, () => random.integer(3));
  const frame = createFrame([
    draw('x'),
    draw('y'),
    draw('z'),
    { kind: 'category', name: 'c', levels: ['a', 'b', 'c'], codes },
  ]);
  const { propensity, probability } = scoresOf(frame);
  const labels = Int8Array.from(probability, (chance) => (random.next() < chance ? 1 : 0));
  pool = { frame, labels };
  const rows = Uint32Array.from(labels.keys());
  const made = makeReferenceWindow({ features: frame, rows, propensity, outcomes: { labels, probability, cut: 0.6 } });
  window = readReferenceWindow(JSON.parse(JSON.stringify(made)));
  expect(window).toEqual(made);
});

function assess({ frame, labels }: CustomerPool, options: { outcomes?: boolean; immature?: string } = {}) {
  const { outcomes = true, immature } = options;
  const joined: JoinedLabels = { labels, lastOutcomeDay: Number.NaN, strangers: 0, repeated: 0 };
  return assessWindow({
    name: 'now',
    window,
    features: frame,
    scores: scoresOf(frame),
    cutoffs,
    economics,
    labels: outcomes ? joined : undefined,
    immature,
    groups: [getColumn(frame, 'c')].filter((column) => column.kind === 'category'),
    score: (features) => Promise.resolve(scoresOf(features)),
    seed: 3,
  });
}

const week = (drift: DriftKind | undefined, seed: number, strength = 1) =>
  simulateWindow(pool, 4000, drift, strength, seed);

test('a week like the reference is healthy once outcomes say so, and never before', async () => {
  const now = await assess(week(undefined, 5));
  expect(now.verdict.health).toBe('healthy');
  expect((await assess(week(undefined, 5), { outcomes: false })).verdict).toMatchObject({
    health: 'watch',
    outcomes: 'unknown',
  });
  expect((await assess(week(undefined, 5), { immature: 'too early' })).verdict).toMatchObject({
    health: 'watch',
    outcomes: 'immature',
  });
  const { bands, referenceBands } = now.predictions;
  expect(bands.High + bands.Medium + bands.Low).toBeCloseTo(1, 9);
  expect(Math.abs(bands.High - (referenceBands?.High ?? 0))).toBeLessThan(0.03);
});

test.each<[DriftKind, (now: WindowAssessment) => boolean]>([
  [{ kind: 'covariate', column: 'x' }, ({ verdict }) => [...verdict.significant, ...verdict.moderate].includes('x')],
  [
    { kind: 'concept' },
    ({ verdict }) => verdict.dropped.some(({ metric }) => metric === 'auc') && verdict.significant.length === 0,
  ],
  [{ kind: 'prior' }, ({ verdict }) => verdict.dropped.some(({ metric }) => metric === 'calibration')],
  [{ kind: 'broken', column: 'x' }, ({ verdict }) => verdict.health === 'act' && verdict.significant.includes('x')],
  [{ kind: 'unit', column: 'y' }, ({ verdict }) => verdict.health === 'act' && verdict.significant.includes('y')],
  [{ kind: 'new-category', column: 'c' }, ({ verdict }) => verdict.significant.includes('c')],
  [
    { kind: 'missing', column: 'z' },
    (now) => (figuresOf(now).missing_rise ?? 0) > 0.9 && now.verdict.significant.includes('z'),
  ],
])('a week with %o is called what it is', async (drift, holds) => {
  const now = await assess(week(drift, 6));
  expect(holds(now), JSON.stringify(now.verdict)).toBe(true);
});

test('the money of a broken column is told, and its parts add up to the change', async () => {
  const { money } = await assess(week({ kind: 'broken', column: 'x' }, 7));
  if (!money) throw new Error('There is no money.');
  expect(money.change).toBeLessThan(0);
  const [first] = money.features;
  expect(first?.feature).toBe('x');
  // Put back where it was, this one column brings nearly all of it back.
  expect(Math.abs((first?.change ?? 0) / money.change - 1)).toBeLessThan(0.35);
  const parts = money.features.reduce((sum, { change }) => sum + change, money.together);
  expect(parts).toBeCloseTo(money.change, 6);
  expect(money.now - money.reference).toBeCloseTo(money.change, 9);
  expect(money.high).toBeLessThan(0);
  const still = (await assess(week(undefined, 9))).money;
  expect(still?.low).toBeLessThan(0);
  expect(still?.high).toBeGreaterThan(0);
});

test('a feature put back has the distribution of the reference, and who was high stays high', () => {
  const { frame } = week({ kind: 'missing', column: 'x' }, 8, 0.5);
  const moved = createFrame(
    frame.columns.map((column) =>
      column.kind === 'number' && column.name === 'y'
        ? { ...column, values: column.values.map((value) => 3 * value + 7) }
        : column,
    ),
  );
  const find = (name: string) => window.features.find((each) => each.name === name)!;
  const back = restore(restore(moved, find('y'), createRandom(1)), find('x'), createRandom(2));
  const [before, after] = [getColumn(moved, 'y'), getColumn(back, 'y')];
  if (before.kind !== 'number' || after.kind !== 'number') throw new Error('A number became something else.');
  const mean = after.values.reduce((sum, value) => sum + value, 0) / after.values.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  const [low, high] = [
    before.values.indexOf(Math.min(...before.values)),
    before.values.indexOf(Math.max(...before.values)),
  ];
  expect(after.values[low]).toBe(Math.min(...after.values));
  expect(after.values[high]).toBe(Math.max(...after.values));
  const x = getColumn(back, 'x');
  expect(x.kind === 'number' && x.values.some(Number.isNaN)).toBe(false);
});

test('outcomes are joined by id; whoever has none is unknown, and the last of two counts', () => {
  const ids = createTextColumn('id', ['7', '8', '9', '10']);
  const file = createFrame([
    createTextColumn('id', ['9', '7', '11', '9']),
    { kind: 'category', name: 'bought', levels: ['no', 'yes'], codes: Int32Array.of(0, 0, 0, 1) },
    { kind: 'category', name: 'contacted', levels: ['0', '1'], codes: Int32Array.of(1, 0, 1, 1) },
    { kind: 'date', name: 'known', days: Float64Array.of(100, 120, 300, 110) },
  ]);
  expect(
    joinLabels(ids, file, {
      id: 'id',
      outcome: 'bought',
      positive: 'yes',
      contacted: 'contacted',
      control: 'control',
      outcomeDate: 'known',
    }),
  ).toEqual({
    labels: Int8Array.of(0, -1, 1, -1),
    contacted: Int8Array.of(0, -1, 1, -1),
    lastOutcomeDay: 120,
    strangers: 1,
    repeated: 1,
  });
  expect(immatureBecause(19_904, 30, 19_920)).toBe('outcomes are complete on 2024-07-30, 14 days from now');
  expect(immatureBecause(19_904, 30, 19_934)).toBeUndefined();
});

test('drift comes suddenly, gradually or with the season', () => {
  const course = { from: 2, over: 4, strength: 0.8 } as const;
  const play = (shape: 'sudden' | 'gradual' | 'seasonal') =>
    Array.from({ length: 8 }, (_, i) => Number(strengthAt({ shape, ...course }, i).toFixed(3)));
  expect(play('sudden')).toEqual([0, 0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]);
  expect(play('gradual')).toEqual([0, 0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8]);
  expect(play('seasonal')).toEqual([0, 0, 0.4, 0.8, 0.4, 0, 0.4, 0.8]);
});

test('weeks are drawn of sample customers, columns of other kinds as they were', async () => {
  const { frame, labels } = await makeCustomers({ scenario: 'ecommerce', customers: 300, seed: 1 });
  const known = { frame, labels: labels as Int8Array };
  const drawn = simulateWindow(known, 50, { kind: 'missing', column: 'age' }, 1, 1);
  expect(drawn.frame.columns.map(({ name }) => name)).toEqual(frame.columns.map(({ name }) => name));
  const age = findColumn(drawn.frame, 'age');
  expect(age?.kind === 'number' && age.values.every(Number.isNaN)).toBe(true);
  expect(() => simulateWindow(known, 50, { kind: 'unit', column: 'customer_id' }, 1, 1)).toThrow('customer_id');
});
