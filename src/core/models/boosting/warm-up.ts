import { createFrame } from '../../data/frame.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { createRandom } from '../../shared/random.ts';
import { trainBoosting } from './train-boosting.ts';

const rowCount = 8000;
const featureCount = 32;

/**
 * Trains a few trees on made-up rows, so that the engine has compiled the kernel with all its optimisations when the
 * first real training comes (it does so in the background, for the next call). Returns the backend used.
 */
export async function warmUpBoosting(kernels: Kernels): Promise<string> {
  const random = createRandom(1);
  const columns = Array.from({ length: featureCount }, (_, index) => ({
    kind: 'number' as const,
    name: `x${index}`,
    values: Float64Array.from({ length: rowCount }, () => random.next()),
  }));
  const [first] = columns as [(typeof columns)[number]];
  const labels = Int8Array.from(first.values, (x) => Number(random.next() < x));
  const rows = Uint32Array.from(labels, (_, row) => row);
  const cut = rowCount * 0.8;
  const input = {
    features: createFrame(columns),
    labels,
    train: rows.slice(0, cut),
    validation: rows.slice(cut),
    seed: 1,
  };
  const { backend } = await trainBoosting(input, { n_estimators: 4 }, { kernels, checkpoint: noCheckpoint });
  return backend;
}
