import { expect, test } from 'vitest';
import golden from '../../testing/golden/column-effects.json' with { type: 'json' };
import { fidelityOf, surrogateRules } from './surrogate-rules.ts';

const rows = golden.rows.slice(0, golden.tree.rows);
const columns = ['a', 'b', 'c', 'd'].map((name, i) => ({ name, values: Float64Array.from(rows, (row) => row[i]!) }));
const target = Float64Array.from(golden.target.slice(0, golden.tree.rows));

test('the rules answer each customer as scikit-learn’s regression tree of the same depth', () => {
  const rules = surrogateRules(columns, target, { depth: 3, leastRows: 5 });
  expect(rules).toHaveLength(golden.tree.leaves);
  for (const { rows: held, answer } of rules) {
    for (const row of held) expect(answer).toBeCloseTo(golden.tree.answers[row]!, 10);
  }
});

test('every customer stands in one rule and meets its conditions', () => {
  const rules = surrogateRules(columns, target, { depth: 3, leastRows: 5 });
  expect(rules.flatMap(({ rows: held }) => [...held]).sort((a, b) => a - b)).toEqual(rows.map((_, row) => row));
  for (const { rows: held, conditions } of rules) {
    for (const row of held) {
      for (const { column, side, threshold } of conditions) {
        const value = columns.find(({ name }) => name === column)!.values[row]!;
        expect(value <= threshold).toBe(side === 'atMost');
      }
    }
  }
});

test('more depth never imitates worse; missing values go with the large ones; a constant needs one rule', () => {
  const shallow = surrogateRules(columns, target, { depth: 1, leastRows: 5 });
  const deep = surrogateRules(columns, target, { depth: 3, leastRows: 5 });
  expect(fidelityOf(deep, target)).toBeGreaterThan(fidelityOf(shallow, target));
  const values = Float64Array.from({ length: 80 }, (_, i) => (i < 40 ? i : Number.NaN));
  const missing = surrogateRules(
    [{ name: 'a', values }],
    values.map((value) => (Number.isNaN(value) ? 1 : 0)),
    {
      depth: 1,
    },
  );
  expect(
    fidelityOf(
      surrogateRules(
        columns,
        target.map(() => 4),
      ),
      target.map(() => 4),
    ),
  ).toBe(1);
  expect(missing).toHaveLength(2);
  expect(missing[1]?.rows.every((row) => row >= 39)).toBe(true);
});
