import { expect, test } from 'vitest';
import golden from '../../testing/golden/performance.json' with { type: 'json' };
import { createFrame, type Frame } from '../data/frame.ts';
import { createRandom } from '../shared/random.ts';
import { principalAxes } from './principal-axes.ts';
import { learnStructure, structureDrift } from './reconstruction.ts';

function frameOf(rows: readonly (readonly (number | null)[])[]): Frame {
  return createFrame(
    (rows[0] ?? []).map((_, i) => ({
      kind: 'number',
      name: `x${i}`,
      values: Float64Array.from(rows, (row) => row[i] ?? Number.NaN),
    })),
  );
}

test("the error of reconstruction equals NannyML's, of reference and of later customers", () => {
  const { reference, current, referenceError, currentError } = golden.reconstruction;
  const structure = learnStructure(
    frameOf(reference),
    reference.map((_, row) => row),
  );
  expect(Math.abs(structure.reference.mean - referenceError)).toBeLessThan(1e-9);
  const drift = structureDrift(structure, frameOf(current));
  expect(Math.abs(drift.mean - currentError)).toBeLessThan(1e-9);
  // The same columns in another order of customers: no column has moved, but they no longer belong together.
  expect(drift.z).toBeGreaterThan(3);
});

test('customers of the same kind are rebuilt as well, and the structure survives JSON', () => {
  const random = createRandom(2);
  const draw = (count: number): Frame =>
    frameOf(
      Array.from({ length: count }, () => {
        const common = random.normal();
        return Array.from({ length: 8 }, () => common + random.normal());
      }),
    );
  const before = draw(3000);
  const structure = learnStructure(
    before,
    Uint32Array.from({ length: 3000 }, (_, row) => row),
  );
  const read = JSON.parse(JSON.stringify(structure)) as typeof structure;
  expect(Math.abs(structureDrift(read, draw(2000)).z)).toBeLessThan(3);
  expect(structureDrift(read, before).mean).toBe(structure.reference.mean);
});

test('axes are orthonormal and rebuild the matrix', () => {
  const random = createRandom(3);
  const size = 12;
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) matrix[a * size + b] = matrix[b * size + a] = random.normal();
  const { values, vectors } = principalAxes(matrix, size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let dot = 0;
      let rebuilt = 0;
      for (let k = 0; k < size; k++) {
        dot += (vectors[a * size + k] as number) * (vectors[b * size + k] as number);
        rebuilt += (values[k] as number) * (vectors[k * size + a] as number) * (vectors[k * size + b] as number);
      }
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
      expect(rebuilt).toBeCloseTo(matrix[a * size + b] as number, 11);
    }
    if (a > 0) expect(values[a]).toBeLessThanOrEqual(values[a - 1] as number);
  }
});
