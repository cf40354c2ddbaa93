import { fitEncoding, inputNames } from '../encoding.ts';
import type { Round, Trained, TrainingContext, TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { inputMoments } from './input-moments.ts';
import { lbfgs } from './lbfgs.ts';
import { linearScores } from './linear-scores.ts';
import type { LogisticModel } from './logistic-model.ts';
import type { LogisticSettings } from './logistic-parameters.ts';
import { logisticSettings } from './logistic-parameters.ts';
import type { Loss } from './loss.ts';
import { openLoss } from './loss.ts';
import type { SearchOptions, SearchPoint, SearchResult } from './newton.ts';
import { newton } from './newton.ts';
import { penaltyOf } from './penalty.ts';
import { rowWeights } from './row-weights.ts';
import { startPoint } from './start-point.ts';
import { trainingNotes } from './training-notes.ts';
import type { ValidationScore } from './validation.ts';
import { scoreValidation } from './validation.ts';

/** Values of C that are tried, from strong to weak penalty, two to a decade. */
const triedC = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100];
/** The path ends after as many values of C in a row without a better one. */
const patience = 3;
/** Good enough to compare values of C. */
const pathTolerance = 1e-4;
/** With more inputs than this the Hessian costs too much. */
const hessianInputs = 500;

/** A fit along the path of C. */
interface Candidate {
  readonly c: number;
  readonly result: SearchResult;
  readonly score: ValidationScore;
  /** The round that ended it. */
  readonly round: number;
}

/** Fits the coefficients; `parameters` have been checked against the schema. */
export async function trainLogistic(
  input: TrainingInput,
  parameters: Parameters,
  context: TrainingContext,
): Promise<Trained<LogisticModel>> {
  const settings = logisticSettings(parameters);
  const { features, labels, train, validation } = input;
  const weights = rowWeights(input, settings);
  const encoding = fitEncoding(features, train);
  const progress = { fraction: 0, stage: 'Fitting coefficients' };
  const breathe = (): Promise<void> => context.checkpoint({ ...progress });
  const data = { features, encoding, rows: train, labels, weights: weights.train };
  const loss = await openLoss(context.kernels, data, breathe);
  try {
    const validationLabels = Int8Array.from(validation, (row) => labels[row] as number);
    const scoreOf = ({ coefficients }: SearchPoint): ValidationScore => {
      const scores = linearScores(encoding, coefficients[0] as number, coefficients.subarray(1), features, validation);
      return scoreValidation(scores, validationLabels, weights.validation);
    };
    const chooses = settings.chooseC && settings.penalised;
    const mayChoose =
      chooses &&
      validation.length > 0 &&
      !Number.isNaN(scoreOf({ coefficients: new Float64Array(loss.size) } as SearchPoint).auc);
    const rounds: Round[] = [];
    const onStep = async (point: SearchPoint, c: number): Promise<void> => {
      const round: Round = {
        round: rounds.length + 1,
        of: settings.maxSteps * (mayChoose ? triedC.length + 1 : 1),
        train: { loss: point.at.value, C: c },
        validation: validation.length > 0 ? { ...scoreOf(point) } : {},
      };
      rounds.push(round);
      context.onRound?.(round);
      await breathe();
    };

    const fit = (c: number, from: SearchPoint, tolerance: number): Promise<SearchResult> => {
      const options: SearchOptions = {
        penalty: penaltyOf(settings, c, loss.totalWeight),
        tolerance,
        maxSteps: settings.maxSteps,
        onStep: (point) => onStep(point, c),
      };
      return usesHessian(loss, settings) ? newton(loss, from, options) : lbfgs(loss, from, options);
    };

    const origin = await startPoint(loss, data, usesHessian(loss, settings));
    let from = origin;
    let c = settings.c;
    let bestRound = 0;
    if (mayChoose) {
      const tolerance = Math.max(settings.tolerance, pathTolerance);
      const candidates: Candidate[] = [];
      for (const tried of triedC) {
        progress.fraction = candidates.length / (triedC.length + 1);
        progress.stage = `Fitting coefficients with C = ${tried}`;
        const result = await fit(tried, from, tolerance);
        from = result.point;
        candidates.push({ c: tried, result, score: scoreOf(from), round: rounds.length });
        if (candidates.length - 1 - candidates.indexOf(bestOf(candidates, settings)) >= patience) break;
      }
      const best = bestOf(candidates, settings);
      c = best.c;
      from = best.result.point;
      bestRound = best.round;
    }
    progress.fraction = Math.max(progress.fraction, 0.5);
    progress.stage = 'Refining the coefficients';
    const result = await fit(c, from, settings.tolerance);
    if (result.point !== from || bestRound === 0) bestRound = rounds.length;
    if (rounds.length === 0) await onStep(result.point, c);
    const { coefficients } = result.point;
    const moments = await inputMoments(encoding, features, train, breathe);
    await context.checkpoint({ fraction: 1, stage: 'Coefficients fitted' });
    const names = inputNames(encoding);
    return {
      model: {
        kind: 'logistic',
        encoding,
        intercept: coefficients[0] as number,
        coefficients: coefficients.slice(1),
        ...moments,
        parameters: { ...parameters, C: c },
      },
      rounds,
      bestRound: Math.max(1, bestRound),
      backend: loss.backend,
      notes: trainingNotes({
        settings,
        c,
        chose: mayChoose,
        chooses,
        result,
        names,
        triedC,
        roundCount: rounds.length,
      }),
    };
  } finally {
    loss.close();
  }
}

function usesHessian(loss: Loss, settings: LogisticSettings): boolean {
  return loss.size <= hessianInputs + 1 || (settings.penalised && settings.l1Ratio > 0);
}

/** The best on validation; the stronger penalty where two are equal. */
function bestOf(candidates: readonly Candidate[], { chooseBy }: LogisticSettings): Candidate {
  const merit = ({ score }: Candidate): number => (chooseBy === 'auc' ? score.auc : -score.loss);
  return candidates.reduce((best, each) => (merit(each) > merit(best) + 1e-6 ? each : best));
}
