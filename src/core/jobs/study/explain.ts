import { cellAt, type Frame, getColumn, sliceRows } from '../../data/frame.ts';
import { calibrate } from '../../evaluation/calibration/calibrator.ts';
import { featureNames } from '../../explanation/explain.ts';
import { explainAgainst, type Interaction, strongestInteractions } from '../../explanation/explain-trees.ts';
import { type Lime, lime } from '../../explanation/lime.ts';
import { explainBy } from '../../explanation/explain-by.ts';
import { methodsOf } from '../../explanation/methods.ts';
import { type Reason, reasonsNote, reasonsOf } from '../../explanation/reasons.ts';
import { type ExplanationUnit, inUnit, type ShownExplanation } from '../../explanation/units.ts';
import { scoreRows } from '../../models/score-rows.ts';
import { number, percent } from '../../reports/words.ts';
import { confidenceOf } from '../../scoring/confidence.ts';
import { bandNames, bandOf, defaultCutoffs } from '../../scoring/cutoffs.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type {
  CustomerExplanation,
  CustomerHit,
  ExplainRequest,
  ExplanationMethod,
  ExplanationView,
} from '../study-contract.ts';
import type { ModelId } from '../model-id.ts';
import { comparedWith, correlationSample, explainerOf } from './explainers.ts';
import { explanationViews } from './explanation-views.ts';
import {
  bestModel,
  getDataset,
  getModel,
  getPrepared,
  type ScoredModel,
  type StudyHost,
  type StudyState,
} from './state.ts';

/** Pairs of features that are shown. */
const mostInteractions = 12;

export function explanationJobs(state: StudyState, host: Pick<StudyHost, 'kernels'>) {
  return {
    /** Customers whose id holds the words asked for; where nothing is asked, the highest scored of the test customers. */
    async findCustomers({
      query,
      limit,
      model = bestModel(state),
    }: {
      readonly query: string;
      readonly limit: number;
      readonly model?: ModelId;
    }): Promise<readonly CustomerHit[]> {
      const scored = getModel(state, model);
      const { propensity } = scored;
      const idOf = idReader(state);
      const wanted = query.trim().toLowerCase();
      const hits: number[] = [];
      if (wanted === '') hits.push(...highest(propensity, getPrepared(state).splits.test, limit));
      else {
        for (let row = 0; row < propensity.length && hits.length < limit; row++) {
          if (idOf(row).toLowerCase().includes(wanted)) hits.push(row);
        }
      }
      return hits.map((row) => hitOf(state, scored, row, idOf(row)));
    },

    async explainCustomer(
      { row, model = bestModel(state), method: asked }: ExplainRequest,
      run: JobRun,
    ): Promise<CustomerExplanation> {
      const scored = getModel(state, model);
      const { trained, propensity, centre, confidence } = scored;
      const { features, recipe } = getPrepared(state);
      await run.checkpoint({ fraction: 0.2, stage: 'Working out the attributions' });
      const customer = sliceRows(features, existing(features, row), row + 1);
      const [usual, ...others] = methodsOf(trained.model.kind).map(({ id }) => id);
      const method = others.find((each) => each === asked) ?? (usual as ExplanationMethod);
      const told = explainerOf(state, scored)(features, row);
      const compared = comparedWith(state, scored);
      const explanation =
        method === usual
          ? told
          : await explainBy(method, trained.model, customer, 0, {
              background: compared,
              sample: () => correlationSample(state),
              kernels: await host.kernels,
            });
      const trees = trained.model.kind === 'boosting' ? trained.model : undefined;
      const against = trees && method === 'tree-customers' && explainAgainst(trees, customer, 0, compared, scored);
      const shownIn = (unit: ExplanationUnit): ShownExplanation =>
        against ? against[unit] : inUnit(explanation, unit, scored);
      const views = explanationViews(state, scored, shownIn, row);
      const first = views[0] as ExplanationView;
      const { table } = getDataset(state);
      const asOf = typeof table.asOf === 'object' ? table.asOf[row] : table.asOf;
      // Told as the bundle tells them, whatever method is looked at.
      const reasons = reasonsOf(
        told,
        scored,
        { recipe, schema: table.schema, stability: scored.stability },
        { frame: table.frame, row, asOf },
      );
      const hit = hitOf(state, scored, row, idReader(state)(row));
      const errors = explanation.attributions.flatMap(({ standardError }) => standardError ?? []);
      return {
        ...hit,
        model,
        method,
        confidence: confidence ? confidenceOf(confidence, propensity[row] as number) : Number.NaN,
        waterfall: first.waterfall,
        views,
        reasons,
        logOdds: explanation.rawScore + centre,
        residual: explanation.residual,
        ...(errors.length > 0 ? { standardError: Math.max(...errors) } : {}),
        sentence: sentenceOf(hit, reasons),
      };
    },

    async interactionsOf({
      row,
      model = bestModel(state),
    }: {
      readonly row: number;
      readonly model?: ModelId;
    }): Promise<readonly Interaction[]> {
      const { model: learned } = getModel(state, model).trained;
      const { features } = getPrepared(state);
      if (learned.kind !== 'boosting') return [];
      return strongestInteractions(learned, features, existing(features, row), mostInteractions);
    },

    async limeOf(
      { row, model = bestModel(state) }: { readonly row: number; readonly model?: ModelId },
      run: JobRun,
    ): Promise<Lime> {
      const scored = getModel(state, model);
      const { model: learned } = scored.trained;
      const { features } = getPrepared(state);
      const kernels = await host.kernels;
      const probabilities = async (made: Frame) =>
        calibrate(
          scored.calibrator,
          await scoreRows(learned, made, {
            kernels,
            checkpoint: ({ stage }) => run.checkpoint({ fraction: 0.5, stage }),
          }),
        );
      const others = correlationSample(state);
      return lime(featureNames(learned), probabilities, features, existing(features, row), others, { seed: 0 });
    },
  };
}

function existing({ rowCount }: Frame, row: number): number {
  if (Number.isInteger(row) && row >= 0 && row < rowCount) return row;
  throw new StudioError('request.invalid', `There is no customer in row ${row + 1}.`, {
    fix: `Choose a row from 1 to ${rowCount}.`,
  });
}

function sentenceOf({ id, propensity, band, probability }: CustomerHit, reasons: readonly Reason[]): string {
  const strongest = (['for', 'against'] as const).flatMap(
    (direction) => reasons.find((reason) => reason.direction === direction)?.words ?? [],
  );
  return `${id} has a propensity score of ${number(propensity)} (${band}); of customers scored like this one ${percent(probability)} convert. ${strongest.join(' ') || 'Nothing moves the estimate.'} ${reasonsNote}`;
}

/** A customer as lists show them. */
export function hitOf(
  state: StudyState,
  { propensity, probability }: ScoredModel,
  row: number,
  id: string,
): CustomerHit {
  const { splits } = getPrepared(state);
  const score = propensity[row] as number;
  const split = (['train', 'validation', 'test'] as const).find((name) => holds(splits[name], row)) ?? 'unlabelled';
  return {
    row,
    id,
    propensity: score,
    probability: probability[row] as number,
    band: bandNames[bandOf(score, defaultCutoffs)],
    split,
  };
}

/** Binary search: the rows of a split ascend. */
function holds(rows: Uint32Array, row: number): boolean {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row;
}

/** The id of a row, or its number (as a person counts) where the table has no id column. */
export function idReader(state: StudyState): (row: number) => string {
  const { frame, schema } = getDataset(state).table;
  const id = schema.columns.find((column) => column.role === 'id');
  if (!id) return (row) => `row ${row + 1}`;
  const column = getColumn(frame, id.name);
  return (row) => String(cellAt(column, row) ?? `row ${row + 1}`);
}

function highest(scores: Float64Array, among: Uint32Array, limit: number): number[] {
  const rows: number[] = [];
  for (const row of among) {
    if (rows.length === limit && (scores[row] as number) <= (scores[rows.at(-1) as number] as number)) continue;
    const at = rows.findIndex((each) => (scores[each] as number) < (scores[row] as number));
    rows.splice(at < 0 ? rows.length : at, 0, row);
    if (rows.length > limit) rows.pop();
  }
  return rows;
}
