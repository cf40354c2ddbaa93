import type { BoostingEngine } from '../../kernels/boosting-engine.ts';
import { createBoostingEngine, openBoostingCrew } from '../../kernels/boosting-engine.ts';
import type { Crew } from '../../kernels/crew.ts';
import { logit } from '../../shared/exact-math.ts';
import type { Trained, TrainingContext, TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import type { BinnedData } from './binned-data.ts';
import { boost } from './boost.ts';
import type { BoostingModel, Tree } from './boosting-model.ts';
import { type BoostingParameters, checkBoostingParameters } from './boosting-parameters.ts';
import { type ClassCounts, classCounts, planOf } from './boosting-plan.ts';
import { adoptModel } from './continue-model.ts';
import { type FeatureRules, readFeatureRules } from './feature-rules.ts';
import { constantTree } from './finish-tree.ts';
import { binInput } from './growers/bin-input.ts';
import { boostingRawScores } from './raw-scores.ts';
import { treatMissing } from './treat-missing.ts';

/** Gradient boosted trees for a yes/no label (Ke et al. 2017, LightGBM), on binned features. */
export async function trainBoosting(
  input: TrainingInput,
  parameters: Parameters,
  context: TrainingContext,
): Promise<Trained<BoostingModel>> {
  const chosen = checkBoostingParameters(parameters);
  const crew = await openBoostingCrew(context.kernels, input.train.length, input.features.columns.length);
  try {
    return await trainWith(crew, input, chosen, context);
  } finally {
    crew.close();
  }
}

async function trainWith(
  crew: Crew,
  input: TrainingInput,
  chosen: BoostingParameters,
  context: TrainingContext,
): Promise<Trained<BoostingModel>> {
  const { train, validation, initialModel } = input;
  const classes = classCounts(input);
  const rows = concatenate(train, validation);
  const { data, rules, engine } = await loadKernel(crew, input, chosen, rows, classes, context);
  try {
    const adopted = initialModel && adoptModel(initialModel, data.features, chosen);
    const finish = (trees: readonly Tree[], rest: Omit<Trained, 'model'>): Trained<BoostingModel> => ({
      ...rest,
      model: {
        kind: 'boosting',
        features: adopted?.features ?? data.features,
        trees: adopted ? [...adopted.trees, ...trees] : trees,
        parameters: chosen,
        ...(chosen.objective === 'cross_entropy' ? { objective: { name: 'cross_entropy', sigmoid: 1 } as const } : {}),
        ...(chosen.boosting === 'rf' ? { averageOutput: true } : {}),
      },
    });
    const bias = chosen.boost_from_average && !adopted ? logit(classes.positiveShare) : 0;
    if (!engine) {
      const notes = ['No feature has two different values: every customer gets the same score.'];
      return finish([constantTree(bias, train.length)], { rounds: [], bestRound: 0, backend: 'TypeScript', notes });
    }
    loadLabels(engine, input, rows);
    const start = initialModel ? take(boostingRawScores(initialModel, input.features), rows) : bias;
    const boosted = await boost({ engine, input, chosen, data, rules, start, context });
    return finish(boosted.trees, { ...boosted, backend: engine.backend });
  } finally {
    engine?.close();
  }
}

/** Features in bins, handed to a kernel if any can split. A call of its own, so that its copy of the bins ends with it. */
async function loadKernel(
  crew: Crew,
  input: TrainingInput,
  chosen: BoostingParameters,
  rows: Uint32Array,
  classes: ClassCounts,
  context: TrainingContext,
): Promise<{ readonly data: BinnedData; readonly rules: FeatureRules; readonly engine: BoostingEngine | undefined }> {
  const table = await binInput(treatMissing(input, chosen), chosen, rows, crew, context);
  const { data, bins } = table;
  const rules = readFeatureRules(chosen, data.features, data.used);
  if (bins.length === 0) return { data, rules, engine: undefined };
  const engine = await createBoostingEngine(context.kernels, planOf(input, chosen, table, rules, classes), crew);
  engine.loadColumns(bins);
  return { data, rules, engine };
}

function loadLabels(engine: BoostingEngine, { labels, weights }: TrainingInput, rows: Uint32Array): void {
  const own = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[i] = Number(labels[rows[i] as number] === 1);
  engine.loadLabels(own, weights && take(weights, rows));
}

function take(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number);
}

function concatenate(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
