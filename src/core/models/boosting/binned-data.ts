import type { CategoryColumn, Frame, NumberColumn } from '../../data/frame.ts';
import { type Binning, openBinning } from '../../kernels/binning.ts';
import { StudioError } from '../../shared/errors.ts';
import type { TrainingContext } from '../model.ts';
import type { BinLimits, BinMapper, CategoryBins, NumberBins } from './bin-mapper.ts';
import { binOfNumber, findCategoryBins, findNumberBins } from './bin-mapper.ts';
import type { BoostingFeature } from './boosting-model.ts';

/** Bins are found on at most so many training rows, evenly spaced, as LightGBM's bin_construct_sample_cnt. */
const sampleRows = 200_000;

/** A feature that can split: at least two bins of training rows. */
export interface BinnedFeature {
  /** Position among the model's features. */
  readonly index: number;
  readonly mapper: BinMapper;
  readonly bins: Uint8Array;
  /** Whether the first bin stands for zero, or for most rows: LightGBM takes its rows for those that other bins leave. */
  readonly firstBinIsRest: boolean;
}

export interface BinnedData {
  readonly features: readonly BoostingFeature[];
  readonly used: readonly BinnedFeature[];
}

/** Bins of the given rows (training rows first) of every number and category column; bounds come from `train` alone. */
export async function binFeatures(
  frame: Frame,
  train: Uint32Array,
  rows: Uint32Array,
  limits: BinLimits,
  { kernels, checkpoint }: Pick<TrainingContext, 'kernels' | 'checkpoint'>,
): Promise<BinnedData> {
  const features: BoostingFeature[] = [];
  const used: BinnedFeature[] = [];
  const sample = sampleOf(train);
  const binning = await openBinning(kernels, sample.length);
  for (const [index, column] of frame.columns.entries()) {
    await checkpoint({ fraction: 0.02 * (index / frame.columns.length), stage: 'Sorting values into bins' });
    if (column.kind !== 'number' && column.kind !== 'category') {
      const found = `Feature "${column.name}" is of kind ${column.kind}; boosting takes numbers and categories.`;
      throw new StudioError('data.type', found, { where: { column: column.name } });
    }
    const mapper =
      column.kind === 'number'
        ? numberMapper(column, train, sample, limits, binning)
        : categoryMapper(column, train, limits);
    features.push(describe(column, mapper));
    if (mapper.binCount < 2) continue;
    const bins =
      mapper.kind === 'number'
        ? binning.assign((column as NumberColumn).values, rows, mapper)
        : binCategories(mapper, column as CategoryColumn, rows);
    used.push({ index, mapper, bins, firstBinIsRest: firstIsRest(mapper, bins.subarray(0, train.length)) });
  }
  binning.close();
  return { features, used };
}

/** LightGBM's most_freq_bin is 0: the bin of zero, unless another one holds 70 % of the rows. */
function firstIsRest(mapper: BinMapper, bins: Uint8Array): boolean {
  if (mapper.kind === 'category') return false;
  const counts = new Uint32Array(mapper.binCount);
  for (const bin of bins) counts[bin] = (counts[bin] as number) + 1;
  const most = counts.reduce((best, count, bin) => (count > (counts[best] as number) ? bin : best), 0);
  return ((counts[most] as number) / bins.length < 0.7 ? binOfNumber(mapper, 0) : most) === 0;
}

function sampleOf(train: Uint32Array): Uint32Array {
  const count = Math.min(train.length, sampleRows);
  if (count === train.length) return train;
  return Uint32Array.from({ length: count }, (_, i) => train[Math.floor((i * train.length) / count)] as number);
}

function numberMapper(
  { values }: NumberColumn,
  train: Uint32Array,
  sample: Uint32Array,
  limits: BinLimits,
  binning: Binning,
): NumberBins {
  const sampled = new Float64Array(sample.length);
  for (let i = 0; i < sample.length; i++) sampled[i] = values[sample[i] as number] as number;
  const mapper = findNumberBins(sampled, limits, binning);
  // A rare NaN that the sample missed still needs its bin.
  const hasMissing = mapper.hasMissing || (sample !== train && holdsMissing(values, train));
  return { ...mapper, hasMissing, binCount: mapper.upperBounds.length + (hasMissing ? 1 : 0) };
}

function holdsMissing(values: Float64Array, rows: Uint32Array): boolean {
  for (let i = 0; i < rows.length; i++) if (Number.isNaN(values[rows[i] as number] as number)) return true;
  return false;
}

function categoryMapper({ codes, levels }: CategoryColumn, train: Uint32Array, limits: BinLimits): CategoryBins {
  const counts = new Uint32Array(levels.length);
  let missing = 0;
  for (const row of train) {
    const code = codes[row] as number;
    if (code >= 0) counts[code] = (counts[code] as number) + 1;
    else missing++;
  }
  return findCategoryBins(counts, limits, missing > 0);
}

function describe(column: NumberColumn | CategoryColumn, mapper: BinMapper): BoostingFeature {
  const { name } = column;
  if (column.kind === 'category') {
    // A category's number is its code + 1; 0 and -1 stand for missing and unseen.
    const info =
      mapper.kind === 'category' && mapper.binCount > 1
        ? ['-1', ...Array.from(mapper.codes, (code) => code + 1)].join(':')
        : 'none';
    return { name, kind: 'category', levels: column.levels, info };
  }
  const info =
    mapper.kind === 'number' && mapper.binCount > 1
      ? `[${mapper.min}:${mapper.max}]`.replaceAll('Infinity', 'inf')
      : 'none';
  return { name, kind: 'number', info };
}

function binCategories(mapper: CategoryBins, { codes, levels }: CategoryColumn, rows: Uint32Array): Uint8Array {
  const binOf = new Uint8Array(levels.length);
  mapper.codes.forEach((code, index) => {
    binOf[code] = index + 1;
  });
  const bins = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i] as number] as number;
    bins[i] = code < 0 ? 0 : (binOf[code] as number);
  }
  return bins;
}
