import type { CategoryColumn, Column, Frame, NumberColumn } from '../../data/frame.ts';
import { createRandom } from '../../shared/random.ts';
import type { TrainingInput } from '../model.ts';
import type { BoostingFeature, TargetStatistic } from './boosting-model.ts';

/** Rows a level is credited with at the overall rate before any of its own are seen: CatBoost's weight of the prior. */
const priorRows = 1;
/** The stream of random numbers that orders the training rows. */
const stream = 7;

/** The table with category columns of many levels as numbers, and how the numbers of new rows come about. */
export interface NumberedCategories {
  readonly features: Frame;
  /** By position of the column; the others stay as they are. */
  readonly statistics: ReadonlyMap<number, TargetStatistic>;
}

/**
 * Ordered target statistics (Prokhorenkova et al. 2018, section 3.2): a training row's category becomes the conversion
 * rate of its level among the rows before it in a random order, so that no row's number knows its own label. Every other
 * row gets the rate among all training rows, as new rows will. Columns with up to `mostOneHot` levels (missing counts)
 * stay categories.
 */
export function numberCategories(
  { features, labels, train, seed }: Pick<TrainingInput, 'features' | 'labels' | 'train' | 'seed'>,
  mostOneHot: number,
): NumberedCategories {
  const order = createRandom(seed, stream).shuffle(train.slice());
  const prior = train.reduce((sum, row) => sum + Number(labels[row] === 1), 0) / train.length;
  const statistics = new Map<number, TargetStatistic>();
  const columns = features.columns.map((column, index): Column => {
    if (column.kind !== 'category' || levelsSeen(column, train) <= mostOneHot) return column;
    const { values, statistic } = numberColumn(column, labels, order, prior);
    statistics.set(index, statistic);
    return { kind: 'number', name: column.name, values };
  });
  return { features: { ...features, columns }, statistics };
}

/** The columns as the model's own: categories still, each with the numbers that the trees read. */
export function withStatistics(
  features: readonly BoostingFeature[],
  { columns }: Frame,
  statistics: ReadonlyMap<number, TargetStatistic>,
): BoostingFeature[] {
  return features.map((feature, index) => {
    const statistic = statistics.get(index);
    if (!statistic) return feature;
    return { ...feature, kind: 'category', levels: (columns[index] as CategoryColumn).levels, statistic };
  });
}

/** Levels among the training rows, missing as one more. */
function levelsSeen({ codes, levels }: CategoryColumn, train: Uint32Array): number {
  const seen = new Uint8Array(levels.length + 1);
  for (const row of train) seen[(codes[row] as number) + 1] = 1;
  return seen.reduce((sum, each) => sum + each, 0);
}

function numberColumn(
  { codes, levels }: CategoryColumn,
  labels: Int8Array,
  order: Uint32Array,
  prior: number,
): { readonly values: NumberColumn['values']; readonly statistic: TargetStatistic } {
  const counts = new Float64Array(levels.length + 1);
  const positives = new Float64Array(levels.length + 1);
  const rate = (level: number) =>
    ((positives[level] as number) + prior * priorRows) / ((counts[level] as number) + priorRows);
  const running = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const level = (codes[row] as number) + 1;
    running[i] = rate(level);
    counts[level] = (counts[level] as number) + 1;
    positives[level] = (positives[level] as number) + Number(labels[row] === 1);
  }
  const rates = Float64Array.from(counts, (_, level) => rate(level));
  const values = Float64Array.from(codes, (code) => rates[code + 1] as number);
  for (let i = 0; i < order.length; i++) values[order[i] as number] = running[i] as number;
  return { values, statistic: { missing: rates[0] as number, levels: rates.slice(1), unseen: prior } };
}
