import { writeCsv } from '../../data/csv/write-csv.ts';
import { createFrame, createTextColumn, type Frame } from '../../data/frame.ts';
import { bandNames, bandOf, defaultCutoffs } from '../../scoring/cutoffs.ts';
import { type ContactPool, chooseCut, type Cut, suggestCut } from '../../decisions/cut.ts';
import { type ContactList, contactList } from '../../decisions/contact-list.ts';
import { checkEconomics } from '../../decisions/economics.ts';
import { eligibleRows } from '../../decisions/exclusions.ts';
import { expectationOf, type TestCustomers } from '../../decisions/expectation.ts';
import { profitCurve } from '../../decisions/profit-curve.ts';
import { profitCurveFigure } from '../../reports/figures/profit-curve.ts';
import { decisionVerdict } from '../../reports/verdicts.ts';
import type { JobRun } from '../job.ts';
import type { DecisionSettings, DecisionSummary, FileResult } from '../study-contract.ts';
import { makeBundle } from './bundles.ts';
import { idReader } from './explain.ts';
import { bestModel, getDataset, getModel, getPrepared, pick, pickLabels, type StudyState } from './state.ts';

export function decisionJobs(state: StudyState) {
  return {
    async decide(settings: DecisionSettings, run: JobRun): Promise<DecisionSummary> {
      await run.checkpoint({ fraction: 0.1, stage: 'Working out profit' });
      const { pool, test, cut, suggested } = chooseList(state, settings);
      const expectation = expectationOf(test, cut, settings, settings.seed);
      await run.checkpoint({ fraction: 0.4, stage: 'Drawing the profit curve' });
      const curve = profitCurve(pool, test, settings, settings.seed);
      state.decision = settings;
      state.cut = cut.score;
      const excluded = pool.eligible.reduce((count, each) => count + (each ? 0 : 1), 0);
      return {
        cutScore: cut.score,
        suggestedCutScore: suggested,
        customers: pool.raw.length,
        excluded,
        ...expectation,
        profitCurve: profitCurveFigure(curve, {
          currency: settings.currency,
          contactedShare: cut.contacts / Math.max(1, pool.raw.length - excluded),
        }),
        verdict: decisionVerdict({ ...expectation, currency: settings.currency }),
      };
    },

    async contactList(settings: DecisionSettings, run: JobRun): Promise<FileResult> {
      await run.checkpoint({ fraction: 0.1, stage: 'Ranking customers' });
      const { pool, cut } = chooseList(state, settings);
      const list = contactList({ pool, cut, controlShare: settings.controlShare, seed: settings.seed });
      // The list and a bundle saved beside it name the same model version.
      state.decision = settings;
      state.cut = cut.score;
      await run.checkpoint({ fraction: 0.6, stage: 'Writing the list' });
      return { name: 'contacts.csv', mediaType: 'text/csv', bytes: writeCsv(listFrame(state, list, cut)) };
    },
  };
}

/** The list as it is saved, best customer first. */
function listFrame(state: StudyState, { rows, contact, control }: ContactList, cut: Cut): Frame {
  const kind = bestModel(state);
  const { propensity, probability } = getModel(state, kind);
  const count = rows.length;
  const idOf = idReader(state);
  const scores = pick(propensity, rows);
  // A model has seen the answers of the customers it learned from: their scores flatter it.
  const trained = new Uint8Array(count);
  for (const row of getPrepared(state).splits.train) trained[row] = 1;
  const yesNo = (name: string, marks: Uint8Array) =>
    ({ kind: 'category', name, codes: Int32Array.from(marks), levels: ['no', 'yes'] }) as const;
  const number = (name: string, values: Float64Array) => ({ kind: 'number', name, values }) as const;
  return createFrame([
    createTextColumn('customer_id', Array.from(rows, idOf)),
    number(
      'rank',
      Float64Array.from(rows, (_, place) => place + 1),
    ),
    number('propensity_score', scores),
    number('conversion_probability', pick(probability, rows)),
    {
      kind: 'category',
      name: 'band',
      codes: Int32Array.from(scores, (score) => bandOf(score, defaultCutoffs)),
      levels: [...bandNames],
    },
    yesNo('contact', contact),
    yesNo('control', control),
    yesNo(
      'trained_on',
      Uint8Array.from(rows, (row) => trained[row] as number),
    ),
    {
      kind: 'category',
      name: 'model_version',
      codes: new Int32Array(count),
      levels: [makeBundle(state, kind).manifest.modelVersion],
    },
    number('cut', new Float64Array(count).fill(cut.score)),
  ]);
}

/** Everybody who could be contacted, where the line falls, and the test customers it is read on. */
function chooseList(
  state: StudyState,
  settings: DecisionSettings,
): { readonly pool: ContactPool; readonly test: TestCustomers; readonly cut: Cut; readonly suggested: number } {
  checkEconomics(settings);
  const { raw, propensity } = getModel(state, bestModel(state));
  const { labels, splits } = getPrepared(state);
  const eligible = eligibleRows(getDataset(state).frame, settings.exclusions);
  const pool = { raw, propensity, eligible };
  const suggested = suggestCut(pickLabels(labels, splits.validation), pick(propensity, splits.validation), settings);
  return {
    pool,
    test: {
      labels: pickLabels(labels, splits.test),
      propensity: pick(propensity, splits.test),
      eligible: Uint8Array.from(splits.test, (row) => eligible[row] as number),
    },
    cut: chooseCut(settings.cut, pool, settings, suggested),
    suggested,
  };
}
