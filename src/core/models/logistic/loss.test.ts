import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { createRandom } from '../../shared/random.ts';
import { fitEncoding } from '../encoding.ts';
import type { LossLimits } from './loss.ts';
import { openLoss } from './loss.ts';

const random = createRandom(8);
const rowCount = 5000;
const columns = Array.from({ length: 9 }, (_, j): Column => {
  return { kind: 'number', name: `x${j}`, values: Float64Array.from({ length: rowCount }, () => random.normal()) };
});
const features = createFrame(columns);
const rows = random.shuffle(Uint32Array.from({ length: rowCount }, (_, row) => row)).subarray(0, 4321);
const labels = Int8Array.from({ length: rowCount }, () => random.integer(2));
const weights = Float64Array.from(rows, () => random.next());
const data = { features, encoding: fitEncoding(features, rows), rows, labels, weights };

async function evaluateTwice(limits: LossLimits) {
  let breaths = 0;
  const breathe = async (): Promise<void> => {
    breaths++;
  };
  const loss = await openLoss(createNodeKernels({ threads: 2 }), data, breathe, limits);
  const first = await loss.evaluate(new Float64Array(loss.size).fill(0.1), true);
  const second = await loss.evaluate(new Float64Array(loss.size).fill(-0.2), true);
  loss.close();
  return { first, second, breaths };
}

test('a table too large for memory gives the same bytes, chunk by chunk', async () => {
  const whole = await evaluateTwice({ residentBytes: 1e9, chunkNumbers: 1e9, callProducts: 1e9 });
  const pieces = await evaluateTwice({ residentBytes: 0, chunkNumbers: 2 * 512 * 12, callProducts: 3e4 });
  expect(pieces.first).toEqual(whole.first);
  expect(pieces.second).toEqual(whole.second);
  // Two evaluations of four chunks with one call for scores and one for each of two blocks' products, and a chunk of one.
  expect([whole.breaths, pieces.breaths]).toEqual([2 * 2, 2 * (4 * 3 + 2)]);
});

test('the worst error says whether the classes are separated', async () => {
  const loss = await openLoss({}, data, async () => {});
  const flat = await loss.evaluate(new Float64Array(loss.size), false);
  expect([flat.worstError, flat.value]).toEqual([0.5, expect.closeTo(Math.LN2, 12)]);
});
