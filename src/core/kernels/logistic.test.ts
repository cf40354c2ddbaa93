import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { exp, log1p } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import type { Kernels } from './kernels.ts';
import { referenceKernels } from './kernels.ts';
import { blockRows, logisticStart, scratchBytes } from './logistic.ts';
import { openLogistic } from './logistic-open.ts';

const width = 12;
const blockCount = 5;
const rowCount = blockCount * blockRows;

const random = createRandom(9);
const inputs = Float64Array.from({ length: rowCount * width }, () => (random.next() < 0.3 ? 0 : random.normal()));
const coefficients = Float64Array.from({ length: width }, () => 2 * random.normal());
const labels = Float64Array.from({ length: rowCount }, () => random.integer(2));
const weights = Float64Array.from({ length: rowCount }, (_, i) => (i > rowCount - 40 ? 0 : random.next() * 3));

interface Sums {
  readonly residual: Float64Array;
  readonly curvature: Float64Array;
  readonly losses: Float64Array;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

async function sumsBy(kernels: Kernels): Promise<Sums & { backend: string }> {
  let end = logisticStart;
  const sizes = [inputs.length, width, rowCount, rowCount, rowCount, rowCount, blockCount, width, width * width];
  const places = sizes.map((length) => {
    const at = end;
    end += 8 * length;
    return { at, length };
  });
  const kernel = await openLogistic(kernels, end + scratchBytes);
  const [x, beta, y, w, residual, curvature, losses, gradient, hessian] = places.map(({ at, length }) => ({
    at,
    values: new Float64Array(kernel.memory, at, length),
  })) as [Place, Place, Place, Place, Place, Place, Place, Place, Place];
  x.values.set(inputs);
  beta.values.set(coefficients);
  y.values.set(labels);
  w.values.set(weights);
  kernel.run('scoreRows', x.at, beta.at, y.at, w.at, residual.at, curvature.at, losses.at, width, blockCount);
  kernel.run('addGradient', x.at, residual.at, gradient.at, width, blockCount);
  const blocks = 2;
  const at = blocks * blockRows * 8;
  kernel.run('addHessian', x.at, curvature.at, hessian.at, end, width, blocks);
  kernel.run('addHessian', x.at + at * width, curvature.at + at, hessian.at, end, width, blockCount - blocks);
  kernel.close();
  return {
    backend: kernel.backend,
    residual: residual.values.slice(),
    curvature: curvature.values.slice(),
    losses: losses.values.slice(),
    gradient: gradient.values.slice(),
    hessian: hessian.values.slice(),
  };
}

interface Place {
  readonly at: number;
  readonly values: Float64Array;
}

test('WebAssembly gives the same bytes as the TypeScript twin, with any number of threads', async () => {
  const { backend: _, ...expected } = await sumsBy(referenceKernels);
  for (const threads of [1, 2, 3]) {
    const { backend, ...sums } = await sumsBy(createNodeKernels({ threads }));
    expect(backend).toBe(threads === 1 ? 'WASM, 1 thread' : `WASM, ${threads} threads`);
    for (const name of Object.keys(expected) as (keyof Sums)[]) {
      const bytes = (values: Float64Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      expect(bytes(sums[name]).equals(bytes(expected[name])), `${name}, ${threads} threads`).toBe(true);
    }
  }
});

test('the sums are the loss, its gradient and its Hessian', async () => {
  const sums = await sumsBy(createNodeKernels({ threads: 1 }));
  const input = (row: number, j: number): number =>
    inputs[(Math.floor(row / blockRows) * width + j) * blockRows + (row % blockRows)]!;
  let loss = 0;
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  for (let row = 0; row < rowCount; row++) {
    let score = 0;
    for (let j = 0; j < width; j++) score += coefficients[j]! * input(row, j);
    const p = 1 / (1 + exp(-score));
    loss += weights[row]! * (log1p(exp(-Math.abs(score))) + Math.max(score, 0) - labels[row]! * score);
    for (let j = 0; j < width; j++) {
      gradient[j]! += weights[row]! * (p - labels[row]!) * input(row, j);
      for (let k = 0; k <= j; k++)
        hessian[j * width + k]! += weights[row]! * p * (1 - p) * input(row, j) * input(row, k);
    }
  }
  expect(sums.losses.reduce((sum, each) => sum + each, 0)).toBeCloseTo(loss, 8);
  for (let j = 0; j < width; j++) {
    expect(sums.gradient[j]).toBeCloseTo(gradient[j]!, 8);
    for (let k = 0; k <= j; k++) expect(sums.hessian[j * width + k]).toBeCloseTo(hessian[j * width + k]!, 8);
  }
});
