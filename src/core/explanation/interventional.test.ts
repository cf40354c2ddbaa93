import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLightgbmText } from '../models/formats/lightgbm-text-reader.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createFrame } from '../data/frame.ts';
import { interventionalRows } from './interventional-rows.ts';
import { interventionalTreeShap } from './interventional-tree-shap.ts';
import { treeInteractions } from './tree-interactions.ts';
import { createTreeShap } from './tree-shap.ts';

type Cells = readonly (readonly (number | null)[])[];
interface Golden {
  readonly background: Cells;
  readonly rows: Cells;
  readonly cases: readonly {
    readonly name: string;
    readonly model: string;
    readonly expected: number;
    readonly attributions: readonly (readonly number[])[];
    readonly expectedProbability: number;
    readonly probabilityAttributions: readonly (readonly number[])[];
    readonly interactions: readonly (readonly (readonly number[])[])[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../testing/golden/shap-interventional.json', import.meta.url), 'utf8'),
) as Golden;
const table = (cells: Cells) => cells.map((row) => Float64Array.from(row, (cell) => cell ?? Number.NaN));
const rows = table(golden.rows);
const background = table(golden.background);

const expectNear = (given: ArrayLike<number>, wanted: readonly number[], tolerance: number) => {
  expect(given).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(Math.abs(given[i]! - value)).toBeLessThan(tolerance));
};

test.each(golden.cases)("the shap package's interventional values, raw and through the sigmoid: $name", (each) => {
  const model = readLightgbmText(each.model);
  const { expectedValues, attributionsOf } = interventionalTreeShap(model, background, [undefined, sigmoid]);
  expect(expectedValues[0]).toBeCloseTo(each.expected, 6);
  expect(expectedValues[1]).toBeCloseTo(each.expectedProbability, 6);
  rows.forEach((row, i) => {
    const [raw, through] = attributionsOf(row);
    expectNear(raw!, each.attributions[i]!, 1e-6);
    expectNear(through!, each.probabilityAttributions[i]!, 1e-6);
  });
});

test.each(golden.cases)('base and attributions add up to what is explained, to 1e-12: $name', ({ model: text }) => {
  const model = readLightgbmText(text);
  const shap = createTreeShap(model);
  for (const row of rows) {
    const paths = new Float64Array(row.length);
    shap.addAttributions(row, paths);
    const raw = paths.reduce((sum, each) => sum + each, shap.expectedValue);
    const links = [undefined, sigmoid];
    const { expectedValues, attributionsOf } = interventionalTreeShap(model, background, links);
    attributionsOf(row).forEach((phi, i) => {
      const sum = phi.reduce((total, each) => total + each, expectedValues[i]!);
      expect(Math.abs(sum - (links[i] ?? Number)(raw))).toBeLessThan(1e-12);
    });
  }
});

test.each(golden.cases)(
  'many rows at once are explained as each by itself, to 1e-12: $name',
  async ({ model: text }) => {
    const model = readLightgbmText(text);
    const frameOf = (cells: Cells) =>
      createFrame(
        model.features.map(({ name }, i) => ({
          kind: 'number',
          name,
          values: Float64Array.from(cells, (row) => row[i] ?? Number.NaN),
        })),
      );
    const chosen = Uint32Array.of(4, 0, 9, 2);
    const told = await interventionalRows(model, frameOf(golden.rows), chosen, frameOf(golden.background));
    const { expectedValues, attributionsOf } = interventionalTreeShap(model, background, [undefined]);
    expect(Math.abs(told!.expectedValue - expectedValues[0]!)).toBeLessThan(1e-12);
    chosen.forEach((row, i) => {
      attributionsOf(rows[row]!)[0]!.forEach((value, feature) => {
        expect(Math.abs(told!.values[feature * chosen.length + i]! - value)).toBeLessThan(1e-12);
      });
    });
  },
);

test('compared with itself only, a customer is explained by nothing', () => {
  const model = readLightgbmText(golden.cases[0]!.model);
  const row = rows[3]!;
  expect(interventionalTreeShap(model, [row], [sigmoid]).attributionsOf(row)).toEqual([new Float64Array(row.length)]);
});

test.each(golden.cases)("the shap package's interaction values: $name", ({ model: text, interactions }) => {
  const model = readLightgbmText(text);
  rows.forEach((row, i) => expectNear(treeInteractions(model, row), interactions[i]!.flat(), 1e-6));
});

test.each(golden.cases)('interactions are symmetric, and each row adds up to its attribution: $name', (each) => {
  const model = readLightgbmText(each.model);
  const shap = createTreeShap(model);
  const count = model.features.length;
  for (const row of rows) {
    const phi = new Float64Array(count);
    shap.addAttributions(row, phi);
    const values = treeInteractions(model, row);
    phi.forEach((attribution, i) => {
      const sum = values.subarray(i * count, (i + 1) * count).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - attribution)).toBeLessThan(1e-12);
      for (let j = 0; j < count; j++) expect(values[i * count + j]).toBe(values[j * count + i]);
    });
  }
});
