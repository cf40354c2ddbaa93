import type { BoostingEngine, Measures } from '../../kernels/boosting-engine.ts';
import type { Round, StoppingMetric, TrainingContext, TrainingInput } from '../model.ts';
import type { BinnedData } from './binned-data.ts';
import { createMode } from './boosting-mode.ts';
import type { Tree } from './boosting-model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import { createStopping } from './early-stopping.ts';
import type { FeatureRules } from './feature-rules.ts';
import { constantTree, finishTree, leafOutput } from './finish-tree.ts';
import { constrainedOutput } from './grow-tree.ts';
import { growers, treeSize } from './growers/catalogue.ts';
import { addOutOfBag } from './growers/out-of-bag.ts';
import { createTreeRules } from './leaf-rules.ts';
import { createReplay } from './replay-tree.ts';
import { createSampling } from './sampling.ts';
import { missingTypeOf } from './treat-missing.ts';

export interface BoostRun {
  readonly engine: BoostingEngine;
  readonly input: TrainingInput;
  readonly chosen: BoostingParameters;
  readonly data: BinnedData;
  readonly rules: FeatureRules;
  /** Raw scores to start from: one for all rows, or one each, training rows first. */
  readonly start: number | Float64Array;
  readonly context: TrainingContext;
}

export interface Boosted {
  readonly trees: readonly Tree[];
  readonly rounds: readonly Round[];
  readonly bestRound: number;
  readonly notes: readonly string[];
}

/** Grows tree after tree until there are enough, none gains, early stopping has seen enough or the host asks to finish. */
export async function boost({ engine, input, chosen, data, rules, start, context }: BoostRun): Promise<Boosted> {
  const { checkpoint, onRound, shouldFinish, onState, stoppingMetric } = context;
  const resumeFrom = context.resumeFrom?.kind === 'boosting' ? context.resumeFrom : undefined;
  const trees: Tree[] = [...(resumeFrom?.trees ?? [])];
  const rounds: Round[] = [...(resumeFrom?.rounds ?? [])];
  const leafSettings = {
    lambdaL1: chosen.lambda_l1,
    lambdaL2: chosen.lambda_l2,
    catL2: chosen.cat_l2,
    maxDeltaStep: chosen.max_delta_step,
    missing: missingTypeOf(chosen),
  };
  const grower = growers[chosen.grow_policy];
  const growth = {
    ...treeSize(chosen),
    lambdaL1: chosen.lambda_l1,
    lambdaL2: chosen.lambda_l2,
    minGain: chosen.min_gain_to_split,
  };
  const replay = createReplay(engine, data.used, input.train.length);
  const mode = createMode({ engine, chosen, trees, replay, start, seed: input.seed });
  const sampling = createSampling(chosen, input);
  const treeRules = createTreeRules(chosen, rules, data.used, input.seed);
  const stopping = createStopping(chosen, input, stoppingMetric);
  const measure = createMeasuring(engine, input, chosen, stoppingMetric);
  const notes = [...stopping.notes];
  if (resumeFrom) mode.restore(resumeFrom);
  let stop = rounds.map((round) => stopping.observe(round)).includes(true);
  for (let round = rounds.length + 1; round <= chosen.n_estimators && !stop; round++) {
    const learningRate = mode.begin(round);
    const sample = sampling(round);
    const ofTree = treeRules(round);
    const root = engine.beginTree(ofTree.allowed, sample.bag, ofTree.key);
    const grown = grower.grow(engine, data.used, root, { ...growth, rules: ofTree });
    // GOSS weighs its rows up for the others already.
    if (grower.valuesFromAllRows && sample.bag instanceof Uint32Array) {
      addOutOfBag(engine, grown, sample.outOfBag());
    }
    if (grown.nodes.length === 0) {
      if (trees.length === 0) trees.push(constantTree(mode.biasOf(round), input.train.length));
      notes.push(`No split gains anything more: stopped after ${round - 1} trees.`);
      break;
    }
    const settings = { ...leafSettings, learningRate };
    const values = grown.leaves.map((leaf) => leafOutput(engine, leaf, constrainedOutput(leaf.rule), settings));
    engine.addLeafValues(
      grown.leaves.map(({ start: from, count }, leaf) => ({ start: from, count, value: values[leaf] as number })),
    );
    engine.addTree(grown.nodes, values, sample.outOfBag());
    trees.push(finishTree(engine, grown, values, data.used, settings, mode.biasOf(round)));
    mode.end(round);
    const done = measure(round);
    rounds.push(done);
    onRound?.(done);
    stop = stopping.observe(done);
    onState?.(() => ({ kind: 'boosting', trees: [...trees], rounds: [...rounds], ...mode.save() }));
    await checkpoint({
      fraction: round / chosen.n_estimators,
      stage: `Growing tree ${round} of at most ${chosen.n_estimators}`,
    });
    if (!stop && shouldFinish?.()) {
      notes.push(`Finished on request after ${round} of at most ${chosen.n_estimators} trees.`);
      break;
    }
  }
  const best = stopping.best();
  const bestRound = Math.min(best?.round ?? rounds.length, rounds.length);
  if (best && bestRound < rounds.length) {
    notes.push(`Stopped early: ${best.metric} on validation was best with ${bestRound} of ${rounds.length} trees.`);
  }
  return { trees: trees.slice(0, Math.max(1, bestRound)), rounds, bestRound, notes };
}

/** The round's measures: those of the kernel, and the caller's own on validation. */
function createMeasuring(
  engine: BoostingEngine,
  { labels, validation, train, weights }: TrainingInput,
  chosen: BoostingParameters,
  own: StoppingMetric | undefined,
): (round: number) => Round {
  const ownLabels = own ? Int8Array.from(validation, (row) => labels[row] as number) : undefined;
  const ownWeights = own && weights ? Float64Array.from(validation, (row) => weights[row] as number) : undefined;
  return (round) => {
    const measures = engine.measure();
    const ofCaller =
      own && ownLabels && validation.length > 0
        ? { [own.name]: own.measure(engine.scores().slice(train.length), ownLabels, ownWeights) }
        : {};
    return {
      round,
      of: chosen.n_estimators,
      train: shownMeasures(measures.train),
      validation: validation.length > 0 ? { ...shownMeasures(measures.validation), ...ofCaller } : {},
    };
  };
}

/** By LightGBM's names; the weighted log-loss balances classes as training does, so that it falls where training succeeds. */
function shownMeasures(measures: Measures): Readonly<Record<string, number>> {
  const shown = {
    auc: measures.auc,
    average_precision: measures.averagePrecision,
    binary_logloss: measures.logLoss,
    weighted_binary_logloss: measures.weightedLogLoss,
    binary_error: measures.error,
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => Number.isFinite(value)));
}
