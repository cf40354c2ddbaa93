import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLightgbmText } from '../models/formats/lightgbm-text-reader.ts';
import { createRandom } from '../shared/random.ts';
import { createRowTreeShap } from './row-tree-shap.ts';
import { createTreeShap } from './tree-shap.ts';

interface Golden {
  readonly rows: readonly (readonly (number | string | null)[])[];
  readonly cases: readonly { readonly name: string; readonly model: string }[];
}

const golden = JSON.parse(readFileSync(new URL('../../testing/golden/shap.json', import.meta.url), 'utf8')) as Golden;
const random = createRandom(3);
const special = [Number.NaN, 0, -0, 1e-40, Number.POSITIVE_INFINITY, -1, 2.5, 1e9];
const width = golden.rows[0]!.length;
const numbers = golden.rows.map((row) =>
  Float64Array.from(row, (value) => (value === null ? Number.NaN : Number(value))),
);
const drawn = Array.from({ length: 300 }, () =>
  Float64Array.from({ length: width }, (_, feature) =>
    random.integer(4) ? numbers[random.integer(numbers.length)]![feature]! : special[random.integer(8)]!,
  ),
);

test.each(golden.cases)(
  'kept entries give the attributions of the walk, the first time and later: $name',
  ({ model: text }) => {
    const model = readLightgbmText(text);
    const walk = createTreeShap(model);
    const rows = createRowTreeShap(model);
    expect(rows.expectedValue).toBe(walk.expectedValue);
    const first: Float64Array[] = [];
    for (const row of [...drawn, ...drawn]) {
      const expected = new Float64Array(width);
      const found = new Float64Array(width);
      walk.addAttributions(row, expected);
      rows.addAttributions(row, found);
      found.forEach((value, feature) => expect(Math.abs(value - expected[feature]!)).toBeLessThan(1e-9));
      first.push(found);
    }
    drawn.forEach((_, i) => expect(first[i + drawn.length]).toEqual(first[i]));
  },
);
