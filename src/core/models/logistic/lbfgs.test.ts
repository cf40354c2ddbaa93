import { expect, test } from 'vitest';
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { createRandom } from '../../shared/random.ts';
import { fitEncoding } from '../encoding.ts';
import { factorise } from './cholesky.ts';
import { lbfgs } from './lbfgs.ts';
import { openLoss } from './loss.ts';
import { newton } from './newton.ts';

test('with the Hessian of the full fit a drawn sample is fitted in few steps, and to the point that Newton finds', async () => {
  const random = createRandom(4);
  const rowCount = 2_000;
  const common = Float64Array.from({ length: rowCount }, () => random.normal());
  // Inputs that say much the same, of very different worth: without a metric the way is long.
  const columns = Array.from({ length: 12 }, (_, j): Column => {
    return { kind: 'number', name: `x${j}`, values: common.map((each) => each + 0.2 * j * random.normal()) };
  });
  const features = createFrame(columns);
  const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const labels = Int8Array.from(common, (each) => Number(each + 2 * random.normal() > 1.5));
  const weights = new Float64Array(rowCount).fill(1);
  const breathe = async () => {};
  const data = { features, encoding: fitEncoding(features, rows), rows, labels, weights };
  const loss = await openLoss(referenceKernels, data, breathe);
  const options = { penalty: { l1: 0, l2: 1e-3 }, tolerance: 1e-9, maxSteps: 500, onStep: breathe };
  const startAt = async (coefficients: Float64Array) => {
    const at = await loss.evaluate(coefficients, true);
    return { coefficients, at, hessian: at.hessian as Float64Array };
  };
  const full = (await newton(loss, await startAt(new Float64Array(loss.size)), options)).point.coefficients;
  const { hessian } = await startAt(full);
  const nearby = factorise(hessian, loss.size, options.penalty.l2, 1);

  const drawn = new Float64Array(rowCount);
  for (let i = 0; i < rowCount; i++) drawn[random.integer(rowCount)]! += 1;
  loss.reweigh(drawn);
  const start = await startAt(full);
  const steps = { led: 0, blind: 0 };
  const counted = (by: keyof typeof steps) => ({ ...options, onStep: async () => void steps[by]++ });
  const led = await lbfgs(loss, start, counted('led'), nearby);
  const blind = await lbfgs(loss, start, counted('blind'));
  const exact = await newton(loss, start, options);
  expect([led, blind, exact].map(({ converged }) => converged)).toEqual([true, true, true]);
  led.point.coefficients.forEach((value, j) => {
    expect(Math.abs(value - exact.point.coefficients[j]!)).toBeLessThan(1e-6);
  });
  expect(steps.led).toBeLessThan(15);
  expect(steps.led).toBeLessThan(steps.blind / 2);
  loss.close();
});
