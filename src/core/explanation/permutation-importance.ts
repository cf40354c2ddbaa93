import { type Column, type Frame, takeRows } from '../data/frame.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { createRandom } from '../shared/random.ts';
import { mean, standardDeviation } from '../shared/statistics.ts';

/** What a measure loses when a column is shuffled among customers: the mean over repeats and their spread. */
export interface PermutationImportance {
  readonly name: string;
  readonly importance: number;
  /** Standard deviation over repeats. */
  readonly spread: number;
}

/**
 * Permutation importance (Breiman 2001, as scikit-learn's `permutation_importance`) of the named columns: the measure on
 * the rows of `features` less the measure with one column shuffled.
 */
export async function permutationImportance({
  features,
  names,
  measure,
  seed,
  repeats = 5,
  checkpoint = noCheckpoint,
}: {
  readonly features: Frame;
  readonly names: readonly string[];
  /** The quality of the model's scores of a frame; larger is better. */
  readonly measure: (features: Frame) => number;
  readonly seed: number;
  readonly repeats?: number;
  readonly checkpoint?: Checkpoint;
}): Promise<PermutationImportance[]> {
  const baseline = measure(features);
  const found: PermutationImportance[] = [];
  for (const [index, name] of names.entries()) {
    const random = createRandom(seed, index);
    const losses = new Float64Array(repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = random.shuffle(Uint32Array.from({ length: features.rowCount }, (_, row) => row));
      losses[repeat] = baseline - measure(withColumn(features, name, (column) => shuffled(column, order)));
      await checkpoint({
        fraction: (index + (repeat + 1) / repeats) / names.length,
        stage: 'Shuffling one feature at a time',
      });
    }
    found.push({ name, importance: mean(losses), spread: standardDeviation(losses) });
  }
  return found;
}

function withColumn(frame: Frame, name: string, change: (column: Column) => Column): Frame {
  return { ...frame, columns: frame.columns.map((column) => (column.name === name ? change(column) : column)) };
}

function shuffled(column: Column, order: Uint32Array): Column {
  return takeRows({ rowCount: order.length, columns: [column] }, order).columns[0] as Column;
}
