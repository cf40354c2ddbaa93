import { expect, test } from 'vitest';
import { createFrame, type Frame } from '../data/frame.ts';
import { referenceKernels } from '../kernels/kernels.ts';
import { createRandom } from '../shared/random.ts';
import { domainDrift } from './domain-classifier.ts';

const rowCount = 300;
const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);

/** `twist`: each column keeps its distribution, but two that went together now go against each other. */
function draw(seed: number, twist: boolean): Frame {
  const random = createRandom(seed);
  const common = Float64Array.from({ length: rowCount }, random.normal);
  const column = (name: string, sign: number) => ({
    kind: 'number' as const,
    name,
    values: common.map((value) => sign * value + 0.3 * random.normal()),
  });
  const levels = twist ? ['b', 'a', 'new'] : ['a', 'b'];
  return createFrame([
    column('x', 1),
    column('y', twist ? -1 : 1),
    { kind: 'category', name: 'c', levels, codes: Int32Array.from(common, () => random.integer(2)) },
  ]);
}

test('windows of the same customers cannot be told apart beyond chance, twisted ones can, whatever the order of levels', async () => {
  const reference = { features: draw(1, false), rows };
  const options = { kernels: referenceKernels, seed: 4 };
  const same = await domainDrift(reference, draw(2, false), options);
  expect(same.alarm).toBe(false);
  expect(same.chanceLow).toBeLessThan(0.5);
  expect(same.chanceHigh).toBeGreaterThan(0.5);
  expect(same.chanceHigh).toBeLessThan(0.65);
  const twisted = await domainDrift(reference, draw(3, true), options);
  expect(twisted.auc).toBeGreaterThan(0.8);
  expect(twisted.alarm).toBe(true);
});
