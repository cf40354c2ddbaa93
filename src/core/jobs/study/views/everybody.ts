import { getColumn } from '../../../data/frame.ts';
import { rocAucOf } from '../../../evaluation/measures/roc-auc.ts';
import { importanceBands } from '../../../explanation/importance-bands.ts';
import { interactionStrengths } from '../../../explanation/interaction-partner.ts';
import { permutationImportance } from '../../../explanation/permutation-importance.ts';
import { gainImportance, splitImportance } from '../../../models/boosting/importance.ts';
import { rawScores } from '../../../models/catalogue.ts';
import { openDenseScoring } from '../../../kernels/dense-inference.ts';
import { openTreeScoring } from '../../../kernels/tree-scoring.ts';
import { takeRows } from '../../../data/frame.ts';
import { beeswarmFigure } from '../../../reports/figures/beeswarm.ts';
import { dependenceFigure } from '../../../reports/figures/dependence.ts';
import { importanceFigure } from '../../../reports/figures/importance.ts';
import { swarmOffsets } from '../../../reports/point-cloud.ts';
import { integer, listing, number, plainName } from '../../../reports/words.ts';
import { partOf } from '../../../shared/checkpoint.ts';
import { quantiles } from '../../../shared/statistics.ts';
import type { Beeswarm, Dependence, Importances } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import {
  bestModel,
  everyNth,
  getModel,
  getPrepared,
  pickLabels,
  type ScoredModel,
  type StudyHost,
  type StudyState,
} from '../state.ts';
import { type AllAttributions, attributionsOf, meanSizes, positionsOf, valuesOf } from './attributions.ts';
import { numbersOf, wordsOf } from './changed-rows.ts';

/** Test customers that bands and shuffles are taken over, at most. */
const bandRows = 10_000;
const shuffledRows = 4_000;
const strengthRows = 10_000;

/** Features of a beeswarm. */
const swarmFeatures = 15;

export function everybodyJobs(state: StudyState, host: StudyHost) {
  return {
    async importances(
      { model: id = bestModel(state) }: { readonly model?: ModelId },
      run: JobRun,
    ): Promise<Importances> {
      const scored = getModel(state, id);
      const { splits, choice } = getPrepared(state);
      const attributions = await attributionsOf(state, host, id, partOf(run.checkpoint, 0, 0.4));
      const positions = positionsOf(attributions, everyNth(splits.test, bandRows));
      const bands = importanceBands(
        attributions.names.map((_, feature) => {
          const values = valuesOf(attributions, feature);
          return Float64Array.from(positions, (position) => Math.abs(values[position]!));
        }),
        choice.seed,
      );
      const shuffled = await shuffledLosses(state, host, scored, attributions.names, {
        ...run,
        checkpoint: partOf(run.checkpoint, 0.4, 1),
      });
      const { model } = scored.trained;
      const byName = (found: readonly { readonly feature: string; readonly importance: number }[]) =>
        new Map(found.map(({ feature, importance }) => [feature, importance]));
      const gains = byName(model.kind === 'boosting' ? gainImportance(model) : []);
      const splitCounts = byName(model.kind === 'boosting' ? splitImportance(model) : []);
      const rows = attributions.names
        .map((feature, i) => ({
          feature,
          description: wordsOf(state, feature),
          shap: bands[i]!.value,
          low: bands[i]!.low,
          high: bands[i]!.high,
          gain: gains.get(feature) ?? Number.NaN,
          splits: splitCounts.get(feature) ?? Number.NaN,
          permutation: shuffled[i]!.importance,
          permutationSpread: shuffled[i]!.spread,
        }))
        .sort((a, b) => b.shap - a.shap);
      const figure = importanceFigure(
        rows.map(({ feature, shap: importance, low, high }) => ({ feature, importance, low, high })),
        { tone: id, measure: 'Mean |SHAP|', unit: 'log-odds' },
      );
      const shuffledFigure = {
        ...importanceFigure(
          rows.map(({ feature, permutation, permutationSpread }) => ({
            feature,
            importance: permutation,
            low: permutation - permutationSpread,
            high: permutation + permutationSpread,
          })),
          { tone: id, measure: 'AUC lost when shuffled' },
        ),
        id: 'permutation-importance',
        title: 'What the ranking loses without it',
        caption: shuffledCaption(rows),
      };
      return { rows, figure, shuffled: shuffledFigure, verdict: importanceVerdict(rows, attributions) };
    },

    async beeswarm({ model: id = bestModel(state) }: { readonly model?: ModelId }, run: JobRun): Promise<Beeswarm> {
      const attributions = await attributionsOf(state, host, id, run.checkpoint);
      const { names, rows } = attributions;
      const everyone = Uint32Array.from(rows, (_, position) => position);
      const sizes = meanSizes(attributions, everyone);
      const top = names
        .map((_, feature) => feature)
        .sort((a, b) => sizes[b]! - sizes[a]!)
        .slice(0, swarmFeatures);
      const cloud = {
        x: new Float32Array(top.length * rows.length),
        y: new Float32Array(top.length * rows.length),
        colour: new Uint8Array(top.length * rows.length),
        rowCount: rows.length,
      };
      for (const [line, feature] of top.entries()) {
        const values = valuesOf(attributions, feature);
        cloud.x.set(values, line * rows.length);
        cloud.y.set(
          swarmOffsets(values).map((offset) => line + offset),
          line * rows.length,
        );
        cloud.colour.set(coloursOf(state, names[feature]!, rows), line * rows.length);
        await run.checkpoint({ fraction: 0.9, stage: 'Laying out the swarm' });
      }
      const figure = beeswarmFigure(
        top.map((feature) => ({
          feature: names[feature]!,
          quantiles: quantiles(valuesOf(attributions, feature), [0, 0.05, 0.5, 0.95, 1]),
          rising: risesWith(state, attributions, feature),
        })),
        { customers: rows.length, isEverybody: attributions.isEverybody },
      );
      return { figure, cloud, ...(attributions.isEverybody ? {} : { rows }) };
    },

    async dependence(
      { model: id = bestModel(state), feature }: { readonly model?: ModelId; readonly feature: string },
      run: JobRun,
    ): Promise<Dependence> {
      const attributions = await attributionsOf(state, host, id, run.checkpoint);
      const { names, rows } = attributions;
      const { features } = getPrepared(state);
      const index = Math.max(0, names.indexOf(feature));
      const name = names[index]!;
      const column = getColumn(features, name);
      const own = numbersOf(column);
      const attribution = valuesOf(attributions, index);
      const positions = everyNth(
        Uint32Array.from(rows, (_, position) => position),
        strengthRows,
      );
      const sampled = names.map((other) => {
        const numbers = numbersOf(getColumn(features, other));
        return Float64Array.from(positions, (position) => numbers[rows[position]!]!);
      });
      const strengths = interactionStrengths(
        sampled[index]!,
        Float64Array.from(positions, (position) => attribution[position]!),
        sampled,
      );
      const best = strengths.reduce((most, strength, i) => (strength > strengths[most]! ? i : most), 0);
      const partner = strengths[best]! > 0 ? names[best]! : null;
      const values = Float32Array.from(rows, (row) => own[row]!);
      const cloud = {
        x: column.kind === 'category' ? spread(values) : values,
        y: Float32Array.from(attribution),
        colour: partner === null ? new Uint8Array(rows.length).fill(255) : coloursOf(state, partner, rows),
        rowCount: rows.length,
      };
      const figure = dependenceFigure(
        { name, description: wordsOf(state, name), ...(column.kind === 'category' ? { levels: column.levels } : {}) },
        Float64Array.from(rows, (row) => own[row]!),
        attribution,
        partner,
      );
      return { figure, cloud, feature: name, partner, ...(attributions.isEverybody ? {} : { rows }) };
    },
  };
}

/** AUC that test customers lose, by feature of the model. */
async function shuffledLosses(
  state: StudyState,
  host: StudyHost,
  { trained: { model } }: ScoredModel,
  names: readonly string[],
  run: JobRun,
) {
  const { features, labels, splits, choice } = getPrepared(state);
  const rows = everyNth(splits.test, shuffledRows);
  const testLabels = pickLabels(labels, rows);
  const kernels = await host.kernels;
  const scoring =
    model.kind === 'boosting'
      ? await openTreeScoring(kernels)
      : model.kind === 'neural'
        ? await openDenseScoring(kernels)
        : undefined;
  return permutationImportance({
    features: takeRows({ ...features, columns: names.map((name) => getColumn(features, name)) }, rows),
    names,
    measure: (mixed) => rocAucOf(testLabels, rawScores(model, mixed, scoring)),
    seed: choice.seed,
    checkpoint: run.checkpoint,
  });
}

/** Places of a feature's values on the colour scale, from its 5 % to its 95 % quantile; categories and missing have none. */
function coloursOf(state: StudyState, feature: string, rows: Uint32Array): Uint8Array {
  const column = getColumn(getPrepared(state).features, feature);
  if (column.kind === 'category') return new Uint8Array(rows.length).fill(255);
  const values = numbersOf(column);
  const sample = Float64Array.from(everyNth(rows, 5_000), (row) => values[row]!).filter(
    (value) => !Number.isNaN(value),
  );
  let [low, high] = quantiles(sample, [0.05, 0.95]) as [number, number];
  if (!(high > low)) [low, high] = quantiles(sample, [0, 1]) as [number, number];
  return Uint8Array.from(rows, (row) => {
    const value = values[row]!;
    if (Number.isNaN(value)) return 255;
    return high > low ? Math.round(254 * Math.min(1, Math.max(0, (value - low) / (high - low)))) : 127;
  });
}

/** Whether larger values go with larger attributions: 1, −1, or 0 where neither can be said. */
function risesWith(state: StudyState, attributions: AllAttributions, feature: number): number {
  const column = getColumn(getPrepared(state).features, attributions.names[feature]!);
  if (column.kind === 'category') return 0;
  const numbers = numbersOf(column);
  const values = valuesOf(attributions, feature);
  let [count, sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0, 0];
  attributions.rows.forEach((row, i) => {
    const x = numbers[row]!;
    if (Number.isNaN(x)) return;
    const y = values[i]!;
    count++;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumYY += y * y;
    sumXY += x * y;
  });
  const spreads = Math.sqrt((sumXX - (sumX * sumX) / count) * (sumYY - (sumY * sumY) / count));
  const correlation = (sumXY - (sumX * sumY) / count) / spreads;
  return correlation > 0.3 ? 1 : correlation < -0.3 ? -1 : 0;
}

/** Codes of levels, side by side within 0.6 of their place. */
function spread(codes: Float32Array): Float32Array {
  return codes.map((code, i) => code + 0.6 * (((i * 0.618033988749895) % 1) - 0.5));
}

function shuffledCaption(rows: Importances['rows']): string {
  const [first] = rows.toSorted((a, b) => b.permutation - a.permutation);
  const lost = rows.filter(({ permutation, permutationSpread }) => permutation > 2 * permutationSpread).length;
  return first && first.permutation > 0
    ? `Shuffled among test customers, ${plainName(first.feature)} costs the ranking ${number(first.permutation)} of AUC; of ${integer(rows.length)} features ${integer(lost)} cost more than twice their spread over repeats.`
    : 'No feature alone costs the ranking anything.';
}

function importanceVerdict(rows: Importances['rows'], { isEverybody, rows: explained }: AllAttributions): string {
  const [first, second] = rows;
  if (!first || first.shap === 0) return 'No feature moves the score.';
  // Bands that overlap: the order of the two may be chance.
  const isSure = !second || first.low > second.high;
  const head = isSure
    ? `The score leans most on ${plainName(first.feature)}: on average it moves the log-odds by ${number(first.shap)} (${number(first.low)}–${number(first.high)}).`
    : `The score leans most on ${plainName(first.feature)} and ${plainName(second.feature)}; which of them comes first is within chance.`;
  const byShuffling = rows.toSorted((a, b) => b.permutation - a.permutation).slice(0, 3);
  const names = byShuffling.map(({ feature }) => plainName(feature));
  const agrees = byShuffling[0]?.feature === first.feature;
  const note = isEverybody ? '' : ` Attributions of this model are of ${integer(explained.length)} test customers.`;
  return `${head} Shuffled, ${agrees ? 'it is also the one whose loss hurts the ranking most' : `${listing(names)} hurt the ranking most: importance is not one thing`}.${note}`;
}
