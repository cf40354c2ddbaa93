import { takeRows } from '../../data/frame.ts';
import { stratifiedFolds } from '../../data/split.ts';
import type { Table } from '../../data/table.ts';
import { calibrate } from '../../evaluation/calibration/calibrator.ts';
import { fitCalibrator } from '../../evaluation/calibration/fit-calibrator.ts';
import { groupByScore } from '../../evaluation/score-groups.ts';
import { scoreMeasures } from '../../evaluation/measures/catalogue.ts';
import { applyRecipe } from '../../features/apply.ts';
import { fitRecipe } from '../../features/fit.ts';
import { modelCatalogue } from '../../models/catalogue.ts';
import { type ModelKind, modelKinds } from '../../models/model.ts';
import { checkParameters } from '../../models/parameter-check.ts';
import { scoreRows } from '../../models/score-rows.ts';
import type { JobRun } from '../job.ts';
import type { CrossValidation, StudyJobs } from '../study-contract.ts';
import { inputOf, labelsOf, repeatedIds } from './features.ts';
import { getDataset, pickLabels, type StudyHost, type StudyState } from './state.ts';

type Request = Parameters<StudyJobs['crossValidate']>[0];

interface FoldFigures {
  readonly auc: number;
  readonly prAuc: number;
  readonly logLoss: number;
  readonly seconds: number;
}

/** One in five of a fold's learning rows chooses rounds and calibrates; the rest trains. */
const validationFolds = 5;

export function crossValidationJobs(state: StudyState, host: StudyHost) {
  return {
    async crossValidate(
      { folds, seeds, parameters, kinds = modelKinds }: Request,
      run: JobRun,
    ): Promise<CrossValidation> {
      const { table } = getDataset(state);
      const labels = labelsOf(table);
      const kernels = await host.kernels;
      const figures: Record<ModelKind, FoldFigures[]> = { logistic: [], boosting: [], neural: [] };
      let done = 0;
      for (const { seed, held, train, validation, test } of dealFolds(table, folds, seeds)) {
        const recipe = fitRecipe(table, train);
        const features = await applyRecipe(recipe, inputOf(table), { allocate: host.allocate });
        for (const kind of kinds) {
          await run.checkpoint({
            fraction: done++ / (seeds * folds * kinds.length),
            stage: `Seed ${seed + 1} of ${seeds}, fold ${held + 1} of ${folds}: ${modelCatalogue[kind].label}`,
          });
          const entry = modelCatalogue[kind];
          const started = host.now();
          const { model } = await entry.train(
            { features, labels, train, validation, seed },
            checkParameters(kind, entry.parameters, parameters[kind]),
            {
              kernels,
              checkpoint: (progress) =>
                run.checkpoint({
                  ...progress,
                  fraction: (done - 1 + progress.fraction) / (seeds * folds * kinds.length),
                }),
            },
          );
          const seconds = (host.now() - started) / 1000;
          const raw = await scoreRows(model, takeRows(features, test), { kernels });
          const calibrator = fitCalibrator(
            await scoreRows(model, takeRows(features, validation), { kernels }),
            pickLabels(labels, validation),
            seed,
          );
          const testLabels = pickLabels(labels, test);
          const ranking = groupByScore(testLabels, raw).groups;
          const probability = groupByScore(testLabels, calibrate(calibrator, raw)).groups;
          figures[kind].push({
            auc: scoreMeasures.auc.of(ranking),
            prAuc: scoreMeasures.prAuc.of(ranking),
            logLoss: scoreMeasures.logLoss.of(probability),
            seconds,
          });
        }
      }
      return {
        folds,
        seeds,
        models: kinds.map((kind) => {
          const all = figures[kind];
          const mean = (of: keyof FoldFigures) => all.reduce((sum, each) => sum + each[of], 0) / all.length;
          const auc = mean('auc');
          const spread =
            all.reduce((sum, each) => sum + (each.auc - auc) * (each.auc - auc), 0) / Math.max(1, all.length - 1);
          return {
            kind,
            auc,
            aucStandardDeviation: Math.sqrt(spread),
            prAuc: mean('prAuc'),
            logLoss: mean('logLoss'),
            seconds: mean('seconds'),
          };
        }),
      };
    },
  };
}

/** One fold held back: who learns, who chooses rounds and calibrates, and who is tested. */
interface HeldFold {
  readonly seed: number;
  readonly held: number;
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The folds of a cross-validation, seed by seed: stratified, rows of one id on one side. */
export function* dealFolds(table: Table, folds: number, seeds: number): Generator<HeldFold> {
  const labels = labelsOf(table);
  const groups = repeatedIds(table);
  const labelled = rowsWhere(labels.length, (row) => (labels[row] as number) >= 0);
  for (let seed = 0; seed < seeds; seed++) {
    const fold = stratifiedFolds(labels, folds, seed, groups);
    for (let held = 0; held < folds; held++) {
      const inner = stratifiedFolds(labels, validationFolds, 1_000 + seed * folds + held, groups);
      const learn = labelled.filter((row) => fold[row] !== held);
      yield {
        seed,
        held,
        train: learn.filter((row) => inner[row] !== 0),
        validation: learn.filter((row) => inner[row] === 0),
        test: labelled.filter((row) => fold[row] === held),
      };
    }
  }
}

function rowsWhere(rowCount: number, test: (row: number) => boolean): Uint32Array {
  const rows = new Uint32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) if (test(row)) rows[count++] = row;
  return rows.slice(0, count);
}
