import type { CategoryColumn, Column, Frame, NumberColumn } from '../../data/frame.ts';
import { type BinLimits, type BinnedNumbers, openBinning } from '../../kernels/binning.ts';
import type { Bins } from '../../kernels/boosting-columns.ts';
import type { Crew } from '../../kernels/crew.ts';
import { StudioError } from '../../shared/errors.ts';
import type { TrainingContext } from '../model.ts';
import type { BinMapper, CategoryBins, NumberBins } from './bin-mapper.ts';
import { binOfNumber, findCategoryBins } from './bin-mapper.ts';
import type { BoostingFeature } from './boosting-model.ts';

/** Bins are found on at most so many training rows, evenly spaced, as LightGBM's bin_construct_sample_cnt. */
const sampleRows = 200_000;

/** A feature that can split: at least two bins of training rows. */
export interface BinnedFeature {
  /** Position among the model's features. */
  readonly index: number;
  readonly mapper: BinMapper;
  /** Whether the first bin stands for zero, or for most rows: LightGBM takes its rows for those that other bins leave. */
  readonly firstBinIsRest: boolean;
}

export interface BinnedData {
  readonly features: readonly BoostingFeature[];
  readonly used: readonly BinnedFeature[];
}

/** With the bins of each used feature, which are of no use once the kernel has them. */
export interface BinnedTable {
  readonly data: BinnedData;
  readonly bins: readonly Bins[];
}

/** Bins of the given rows (training rows first) of every number and category column; bounds come from `train` alone. */
export async function binFeatures(
  frame: Frame,
  train: Uint32Array,
  rows: Uint32Array,
  limits: BinLimits,
  crew: Crew,
  { kernels, checkpoint }: Pick<TrainingContext, 'kernels' | 'checkpoint'>,
): Promise<BinnedTable> {
  const features: BoostingFeature[] = [];
  const used: BinnedFeature[] = [];
  const bins: Bins[] = [];
  const binning = openBinning(kernels, crew);
  const numbers = new Map<NumberColumn, BinnedNumbers>();
  const use = (column: NumberColumn | CategoryColumn, mapper: BinMapper, own: () => Bins, isRest: boolean) => {
    if (mapper.binCount > 1) {
      used.push({ index: features.length, mapper, firstBinIsRest: isRest });
      bins.push(own());
    }
    features.push(describe(column, mapper));
  };
  for (const [index, column] of frame.columns.entries()) {
    if (column.kind === 'category') {
      const mapper = categoryMapper(column, train, limits);
      use(column, mapper, () => binCategories(mapper, column, rows), false);
      continue;
    }
    if (column.kind !== 'number') {
      const found = `Feature "${column.name}" is of kind ${column.kind}; boosting takes numbers and categories.`;
      throw new StudioError('data.type', found, { where: { column: column.name } });
    }
    if (!numbers.has(column)) {
      await checkpoint({ fraction: 0.02 * (index / frame.columns.length), stage: 'Sorting values into bins' });
      const next = frame.columns.slice(index).filter(isNumber).slice(0, binning.columnsAtATime);
      const sample = Math.min(train.length, sampleRows);
      const values = next.map((each) => each.values);
      const binned = binning.bin(values, { rows, train: train.length, sample }, limits);
      next.forEach((each, i) => numbers.set(each, binned[i] as BinnedNumbers));
    }
    const own = numbers.get(column) as BinnedNumbers;
    const mapper = numberMapper(own);
    use(column, mapper, () => own.bins, firstIsRest(mapper, own.counts, train.length));
  }
  binning.close();
  return { data: { features, used }, bins };
}

function isNumber(column: Column): column is NumberColumn {
  return column.kind === 'number';
}

function numberMapper({ upperBounds, min, max, counts }: BinnedNumbers): NumberBins {
  const hasMissing = (counts[upperBounds.length] as number) > 0;
  return { kind: 'number', upperBounds, hasMissing, binCount: upperBounds.length + Number(hasMissing), min, max };
}

/** LightGBM's most_freq_bin is 0: the bin of zero, unless another one holds 70 % of the rows. */
function firstIsRest(mapper: NumberBins, counts: Uint32Array, rows: number): boolean {
  const most = counts.reduce((best, count, bin) => (count > (counts[best] as number) ? bin : best), 0);
  return ((counts[most] as number) / rows < 0.7 ? binOfNumber(mapper, 0) : most) === 0;
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

function binCategories(mapper: CategoryBins, { codes, levels }: CategoryColumn, rows: Uint32Array): Bins {
  const Codes = mapper.binCount > 256 ? Uint16Array : Uint8Array;
  const binOf = new Codes(levels.length);
  mapper.codes.forEach((code, index) => {
    binOf[code] = index + 1;
  });
  const bins = new Codes(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i] as number] as number;
    bins[i] = code < 0 ? 0 : (binOf[code] as number);
  }
  return bins;
}
