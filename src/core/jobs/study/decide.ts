import { writeCsv } from '../../data/csv/write-csv.ts';
import { createFrame, createTextColumn } from '../../data/frame.ts';
import { bandNames, defaultCutoffs } from '../../scoring/cutoffs.ts';
import { type ContactPool, chooseCut, type Cut, suggestCut } from '../../decisions/cut.ts';
import { contactList } from '../../decisions/contact-list.ts';
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
import { bestKind, getDataset, getModel, getPrepared, pick, pickLabels, type StudyState } from './state.ts';

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
      const kind = bestKind(state);
      const { probability } = getModel(state, kind);
      const { splits } = getPrepared(state);
      const { pool, cut } = chooseList(state, settings);
      const rows = contactList({
        pool,
        probability,
        cut,
        cutoffs: defaultCutoffs,
        controlShare: settings.controlShare,
        seed: settings.seed,
      });
      await run.checkpoint({ fraction: 0.6, stage: 'Writing the list' });
      const count = rows.length;
      const idOf = idReader(state);
      const trained = new Uint8Array(count);
      for (const row of splits.train) trained[row] = 1;
      const yesNo = (name: string, of: (index: number) => boolean) =>
        ({ kind: 'category', name, codes: Int32Array.from(rows, (_, i) => (of(i) ? 1 : 0)), levels: ['no', 'yes'] }) as const;
      const number = (name: string, of: (index: number) => number) =>
        ({ kind: 'number', name, values: Float64Array.from(rows, (_, i) => of(i)) }) as const;
      const constant = (name: string, value: string) =>
        ({ kind: 'category', name, codes: new Int32Array(count), levels: [value] }) as const;
      type Row = (typeof rows)[number];
      const at = (index: number) => rows[index] as Row;
      const frame = createFrame(
        [
          createTextColumn('customer_id', rows.map(({ row }) => idOf(row))),
          number('rank', (i) => at(i).rank),
          number('propensity_score', (i) => at(i).propensity),
          number('conversion_probability', (i) => at(i).probability),
          { kind: 'category', name: 'band', codes: Int32Array.from(rows, ({ band }) => bandNames.indexOf(band)), levels: [...bandNames] },
          yesNo('contact', (i) => at(i).contact),
          yesNo('control', (i) => at(i).control),
          // A model has seen the answers of the customers it learned from: their scores flatter it.
          yesNo('trained_on', (i) => trained[at(i).row] === 1),
          constant('model_version', makeBundle(state, kind).manifest.modelVersion),
          number('cut', () => cut.score),
        ],
        count,
      );
      return { name: 'contacts.csv', mediaType: 'text/csv', bytes: writeCsv(frame) };
    },
  };
}

/** Everybody who could be contacted, where the line falls, and the test customers it is read on. */
function chooseList(
  state: StudyState,
  settings: DecisionSettings,
): { readonly pool: ContactPool; readonly test: TestCustomers; readonly cut: Cut; readonly suggested: number } {
  checkEconomics(settings);
  const { raw, propensity } = getModel(state, bestKind(state));
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
