import { type Frame, sliceRows } from '../data/frame.ts';
import { openDenseScoring } from '../kernels/dense-inference.ts';
import { type Kernels, referenceKernels } from '../kernels/kernels.ts';
import { openTreeScoring } from '../kernels/tree-scoring.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { rawScores } from './catalogue.ts';
import type { Model, ModelScoring } from './model.ts';

export interface ScoreRowsOptions {
  readonly kernels?: Kernels;
  readonly checkpoint?: Checkpoint;
  /** "Scoring every customer". */
  readonly stage?: string;
}

/** Between two checkpoints: a fifth of a second for the slowest model, without kernels. */
const chunkRows = 4096;

/** Raw scores of every row, in chunks that let messages in, by the host's kernels: the bits of `rawScores`. */
export async function scoreRows(model: Model, features: Frame, options: ScoreRowsOptions = {}): Promise<Float64Array> {
  const { kernels = referenceKernels, checkpoint = noCheckpoint, stage = 'Scoring customers' } = options;
  const { rowCount } = features;
  const scoring = await openScoring(model, kernels);
  const raw = new Float64Array(rowCount);
  for (let from = 0; from < rowCount; from += chunkRows) {
    const to = Math.min(rowCount, from + chunkRows);
    raw.set(rawScores(model, sliceRows(features, from, to), scoring), from);
    await checkpoint({ fraction: to / rowCount, stage });
  }
  return raw;
}

/** The host's kernel for this kind of model, where there is one. */
async function openScoring({ kind }: Model, kernels: Kernels): Promise<ModelScoring | undefined> {
  if (kind === 'boosting') return openTreeScoring(kernels);
  return kind === 'neural' ? openDenseScoring(kernels) : undefined;
}
