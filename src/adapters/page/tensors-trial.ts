import type { NetworkStart } from '../../core/kernels/dense-training.ts';
import { referenceKernels } from '../../core/kernels/kernels.ts';
import { initialLayers } from '../../core/models/neural/initial-layers.ts';
import { openKernelSession } from '../../core/models/neural/kernel-session.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { createRandom } from '../../core/shared/random.ts';
import { findGpuTrainer } from './tensors.ts';

/** What `tryTinyNetwork` saw. */
export interface TinyTrial {
  readonly backend: string;
  /** Largest difference of a weight, and of a validation score, from the same training on the TypeScript kernels. */
  readonly weightDifference: number;
  readonly scoreDifference: number;
}

/** Trains a tiny network for two steps on whatever adapter there is and on the kernels: does this browser's GPU count right? */
export async function tryTinyNetwork(): Promise<TinyTrial> {
  const gpu = await findGpuTrainer({ allowSoftware: true });
  if (!gpu) throw new StudioError('kernel.unavailable', 'WebGPU offers no adapter.');
  const start = tinyStart();
  const order = Uint32Array.from({ length: start.train.rowCount }, (_, i) => i);
  const results = [];
  for (const session of [await gpu.open(start), await openKernelSession(referenceKernels, start)]) {
    const breathe = () => Promise.resolve();
    await session.trainEpoch({ epoch: 0, order, learningRate: 0.01, breathe });
    const scores = await session.scoreValidation(breathe);
    const weights = (await session.layers()).flatMap((layer) => [...layer.weights]);
    results.push({ backend: session.backend, scores: [...scores], weights });
    session.close();
  }
  const [ours, theirs] = results as [(typeof results)[0], (typeof results)[0]];
  const difference = (a: readonly number[], b: readonly number[]) =>
    a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0);
  return {
    backend: ours.backend,
    weightDifference: difference(ours.weights, theirs.weights),
    scoreDifference: difference(ours.scores, theirs.scores),
  };
}

function tinyStart(): NetworkStart {
  const random = createRandom(1);
  const [rowCount, width] = [48, 4];
  const values = new Float32Array(rowCount * width).map(() => random.normal());
  const rows = {
    rowCount,
    width,
    read(from: number, to: number, out: Float32Array, stride: number) {
      for (let row = from; row < to; row++) {
        out.set(values.subarray(row * width, (row + 1) * width), (row - from) * stride);
      }
    },
  };
  const labels = new Float32Array(rowCount).map((_, row) => ((values[row * width] as number) > 0 ? 1 : 0));
  return {
    settings: { hidden: [8, 4], batchNorm: true, dropout: 0, batchSize: 24, weightDecay: 0.01, seed: 1 },
    layers: initialLayers(width, [8, 4], true, 1),
    train: { ...rows, labels, weights: new Float32Array(rowCount).fill(1) },
    validation: rows,
  };
}
