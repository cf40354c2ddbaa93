import type { BoostingEngine, BoostingPlan, Measures } from '../../kernels/boosting-engine.ts';
import { createBoostingEngine } from '../../kernels/boosting-engine.ts';
import { StudioError } from '../../shared/errors.ts';
import { logit } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import type { Round, Trained, TrainingContext, TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import type { BinnedData } from './binned-data.ts';
import { binFeatures } from './binned-data.ts';
import type { BoostingModel, Tree } from './boosting-model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import { checkBoostingParameters } from './boosting-parameters.ts';
import { createStopping } from './early-stopping.ts';
import { constantTree, finishTree, leafOutput } from './finish-tree.ts';
import { growers, treeSize } from './growers/catalogue.ts';
import { createBagging, createFeatureSampling } from './sampling.ts';

/** Gradient boosted trees for a yes/no label (Ke et al. 2017, LightGBM), on binned features. */
export async function trainBoosting(
  input: TrainingInput,
  parameters: Parameters,
  context: TrainingContext,
): Promise<Trained<BoostingModel>> {
  const chosen = checkBoostingParameters(parameters);
  const { train, validation } = input;
  const classes = classCounts(input);
  const rows = concatenate(train, validation);
  const limits = { maxBin: chosen.max_bin, minDataInBin: chosen.min_data_in_bin };
  const data = await binFeatures(input.features, train, rows, limits, context.checkpoint);
  const finish = (trees: readonly Tree[], rest: Omit<Trained, 'model'>): Trained<BoostingModel> => ({
    ...rest,
    model: { kind: 'boosting', features: data.features, trees, parameters: chosen },
  });
  const bias = chosen.boost_from_average ? logit(classes.positiveShare) : 0;
  if (data.used.length === 0) {
    const notes = ['No feature has two different values: every customer gets the same score.'];
    return finish([constantTree(bias, train.length)], { rounds: [], bestRound: 0, backend: 'TypeScript', notes });
  }
  const engine = await createBoostingEngine(context.kernels, planOf(input, chosen, data, classes));
  try {
    data.used.forEach(({ bins }, feature) => engine.loadColumn(feature, bins));
    loadLabels(engine, input, rows);
    const boosted = await boost(engine, input, chosen, data, bias, context);
    return finish(boosted.trees, { ...boosted, backend: engine.backend });
  } finally {
    engine.close();
  }
}

interface Boosted {
  readonly trees: readonly Tree[];
  readonly rounds: readonly Round[];
  readonly bestRound: number;
  readonly notes: readonly string[];
}

async function boost(
  engine: BoostingEngine,
  input: TrainingInput,
  chosen: BoostingParameters,
  data: BinnedData,
  bias: number,
  { checkpoint, onRound }: TrainingContext,
): Promise<Boosted> {
  const trees: Tree[] = [];
  const rounds: Round[] = [];
  const notes: string[] = [];
  const leafSettings = {
    learningRate: chosen.learning_rate,
    lambdaL1: chosen.lambda_l1,
    lambdaL2: chosen.lambda_l2,
    catL2: chosen.cat_l2,
  };
  const growth = {
    ...treeSize(chosen),
    lambdaL1: chosen.lambda_l1,
    lambdaL2: chosen.lambda_l2,
    minGain: chosen.min_gain_to_split,
  };
  const bagging = createBagging(createRandom(input.seed, 1), input.train.length, chosen);
  const allowedFeatures = createFeatureSampling(createRandom(input.seed, 2), data.used.length, chosen.feature_fraction);
  const stopping = createStopping(chosen, input);
  notes.push(...stopping.notes);
  engine.setScores(bias);
  for (let round = 1; round <= chosen.n_estimators; round++) {
    const { bag, outOfBag } = bagging(round - 1);
    const grown = growers[chosen.grow_policy].grow(engine, data.used, engine.beginTree(allowedFeatures(), bag), growth);
    if (grown.nodes.length === 0) {
      if (trees.length === 0) trees.push(constantTree(bias, input.train.length));
      notes.push(`No split gains anything more: stopped after ${round - 1} trees.`);
      break;
    }
    const values = grown.leaves.map((leaf) => leafOutput(engine, leaf.sums, leaf.isSorted, leafSettings));
    engine.addLeafValues(
      grown.leaves.map(({ start, count }, leaf) => ({ start, count, value: values[leaf] as number })),
    );
    engine.addTree(grown.nodes, values, outOfBag);
    trees.push(finishTree(engine, grown, values, data.used, leafSettings, round === 1 ? bias : 0));
    const measures = engine.measure();
    const done: Round = {
      round,
      of: chosen.n_estimators,
      train: shownMeasures(measures.train),
      validation: input.validation.length > 0 ? shownMeasures(measures.validation) : {},
    };
    rounds.push(done);
    onRound?.(done);
    const stop = stopping.observe(round, measures.validation);
    await checkpoint({
      fraction: round / chosen.n_estimators,
      stage: `Growing tree ${round} of at most ${chosen.n_estimators}`,
    });
    if (stop) break;
  }
  const bestRound = Math.min(stopping.bestRound() ?? rounds.length, rounds.length);
  if (bestRound < rounds.length) {
    notes.push(`Stopped early: ${chosen.metric} on validation was best with ${bestRound} of ${rounds.length} trees.`);
  }
  return { trees: trees.slice(0, Math.max(1, bestRound)), rounds, bestRound, notes };
}

/** What live curves show; the log-loss is weighted as in training, so that it falls where training succeeds. */
function shownMeasures({ auc, averagePrecision, weightedLogLoss }: Measures): Readonly<Record<string, number>> {
  const shown = { auc, average_precision: averagePrecision, binary_logloss: weightedLogLoss };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => Number.isFinite(value)));
}

interface ClassCounts {
  readonly positives: number;
  readonly negatives: number;
  /** By row weight. */
  readonly positiveShare: number;
}

function classCounts({ labels, train, weights }: TrainingInput): ClassCounts {
  let positives = 0;
  let positiveWeight = 0;
  let weight = 0;
  for (const row of train) {
    const w = weights ? (weights[row] as number) : 1;
    weight += w;
    if (labels[row] !== 1) continue;
    positives++;
    positiveWeight += w;
  }
  const negatives = train.length - positives;
  const positiveShare = positiveWeight / weight;
  if (positives === 0 || negatives === 0 || !(positiveShare > 0 && positiveShare < 1)) {
    throw new StudioError('data.label', `The training rows hold ${positives} conversions and ${negatives} others.`, {
      fix: 'Training needs both outcomes: choose another label column or more rows.',
    });
  }
  return { positives, negatives, positiveShare };
}

/** `is_unbalance` weighs the rarer class by the ratio of row counts, as LightGBM does. */
function planOf(
  input: TrainingInput,
  chosen: BoostingParameters,
  data: BinnedData,
  classes: ClassCounts,
): BoostingPlan {
  const { positives, negatives } = classes;
  const balance = chosen.is_unbalance ? Math.max(positives, negatives) / Math.min(positives, negatives) : 1;
  return {
    rows: input.train.length,
    allRows: input.train.length + input.validation.length,
    features: data.used.map(({ mapper }) => ({
      binCount: mapper.binCount,
      kind: mapper.kind === 'category' ? 'category' : mapper.hasMissing ? 'numberWithMissing' : 'number',
    })),
    maxLeaves: treeSize(chosen).maxLeaves,
    isWeighted: input.weights !== undefined,
    settings: {
      lambdaL1: chosen.lambda_l1,
      lambdaL2: chosen.lambda_l2,
      minDataInLeaf: chosen.min_data_in_leaf,
      minSumHessian: chosen.min_sum_hessian_in_leaf,
      minGain: chosen.min_gain_to_split,
      positiveWeight: chosen.scale_pos_weight * (positives < negatives ? balance : 1),
      negativeWeight: negatives < positives ? balance : 1,
      catL2: chosen.cat_l2,
      catSmooth: chosen.cat_smooth,
      minDataPerGroup: chosen.min_data_per_group,
      maxCatThreshold: chosen.max_cat_threshold,
      maxCatToOnehot: chosen.max_cat_to_onehot,
    },
  };
}

function loadLabels(engine: BoostingEngine, { labels, weights }: TrainingInput, rows: Uint32Array): void {
  const own = Uint8Array.from(rows, (row) => Number(labels[row] === 1));
  engine.loadLabels(own, weights && Float64Array.from(rows, (row) => weights[row] as number));
}

function concatenate(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
