import { type CategoryColumn, type Column, createFrame, type Frame, getColumn, takeRows } from '../data/frame.ts';
import { stratifiedFolds } from '../data/split.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { modelCatalogue } from '../models/catalogue.ts';
import { checkParameters } from '../models/parameter-check.ts';
import { scoreRows } from '../models/score-rows.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { createRandom } from '../shared/random.ts';
import { rankingQuality } from '../shared/statistics.ts';

/** How well boosting tells the window's customers from the reference's. */
export interface DomainDrift {
  /** Out of fold: 0.5 where they cannot be told apart, 1 where each can. */
  readonly auc: number;
  /** Lowest and highest AUC with the two windows mixed at random: what chance gives with so many customers. */
  readonly chanceLow: number;
  readonly chanceHigh: number;
  /** Above all that chance gave: at most once in twenty without drift. */
  readonly alarm: boolean;
  /** Customers of each side that were drawn. */
  readonly sampled: number;
}

const mostOfEach = 1_000;
const folds = 2;
/** With nineteen, one alarm in twenty is by chance. */
const permutations = 19;
const trees = { n_estimators: 15, num_leaves: 7, min_data_in_leaf: 20, learning_rate: 0.2, early_stopping_round: 0 };

/**
 * A domain classifier: boosted trees learn which window a customer is of, and are judged on customers they have not seen.
 * As NannyML's, with its own band of chance from mixed windows (NannyML takes 0.45–0.65). Needs the reference's customers.
 */
export async function domainDrift(
  reference: { readonly features: Frame; readonly rows: ArrayLike<number> },
  current: Frame,
  {
    kernels,
    seed,
    checkpoint = noCheckpoint,
  }: {
    readonly kernels: Kernels;
    readonly seed: number;
    readonly checkpoint?: Checkpoint;
  },
): Promise<DomainDrift> {
  const random = createRandom(seed);
  const sampled = Math.min(mostOfEach, reference.rows.length, current.rowCount);
  const draw = (count: number, of: (i: number) => number): Uint32Array =>
    random.shuffle(Uint32Array.from({ length: count }, (_, i) => of(i))).slice(0, sampled);
  const before = takeRows(
    reference.features,
    draw(reference.rows.length, (i) => reference.rows[i] as number),
  );
  const now = takeRows(
    current,
    draw(current.rowCount, (i) => i),
  );
  const features = stack(before, now);
  const labels = Int8Array.from({ length: 2 * sampled }, (_, row) => (row < sampled ? 0 : 1));
  const auc = await outOfFold(features, labels, kernels, seed);
  const chance: number[] = [];
  for (let i = 0; i < permutations; i++) {
    await checkpoint({ fraction: i / permutations, stage: 'Telling the windows apart' });
    chance.push(await outOfFold(features, random.shuffle(labels.slice()), kernels, seed));
  }
  const [chanceLow, chanceHigh] = [Math.min(...chance), Math.max(...chance)];
  return { auc, chanceLow, chanceHigh, alarm: auc > chanceHigh, sampled };
}

async function outOfFold(features: Frame, labels: Int8Array, kernels: Kernels, seed: number): Promise<number> {
  const foldOf = stratifiedFolds(labels, folds, seed);
  const scores = new Float64Array(labels.length);
  const { boosting } = modelCatalogue;
  for (let fold = 0; fold < folds; fold++) {
    const rowsWhere = (holds: (of: number) => boolean): Uint32Array =>
      Uint32Array.from(labels.keys()).filter((row) => holds(foldOf[row] as number));
    const held = rowsWhere((of) => of === fold);
    const { model } = await boosting.train(
      { features, labels, train: rowsWhere((of) => of !== fold), validation: held, seed },
      checkParameters('boosting', boosting.parameters, trees),
      { kernels, checkpoint: noCheckpoint, onRound: () => undefined },
    );
    const raw = await scoreRows(model, takeRows(features, held), { kernels });
    held.forEach((row, i) => {
      scores[row] = raw[i] as number;
    });
  }
  return rankingQuality(scores, labels).auc;
}

/** One table below the other; categories get the levels of both. */
function stack(before: Frame, now: Frame): Frame {
  const columns = before.columns.flatMap((column): Column[] => {
    const other = getColumn(now, column.name);
    if (column.kind === 'number' && other.kind === 'number') {
      const values = new Float64Array(before.rowCount + now.rowCount);
      values.set(column.values);
      values.set(other.values, before.rowCount);
      return [{ ...column, values }];
    }
    return column.kind === 'category' && other.kind === 'category' ? [stackLevels(column, other)] : [];
  });
  return createFrame(columns);
}

function stackLevels(column: CategoryColumn, other: CategoryColumn): CategoryColumn {
  const levels = [...new Set([...column.levels, ...other.levels])];
  const place = new Map(levels.map((level, i) => [level, i]));
  const codes = new Int32Array(column.codes.length + other.codes.length);
  codes.set(column.codes);
  other.codes.forEach((code, row) => {
    codes[column.codes.length + row] = code < 0 ? -1 : (place.get(other.levels[code] as string) as number);
  });
  return { kind: 'category', name: column.name, levels, codes };
}
