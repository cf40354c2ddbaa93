import { writeCsv } from '../../data/csv/write-csv.ts';
import { modelCatalogue } from '../../models/catalogue.ts';
import { writeTfjsModel } from '../../models/formats/tfjs-model.ts';
import { reportHtml } from '../../reports/html-report.ts';
import { integer, percent } from '../../reports/words.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type { FileResult, StudyJobs } from '../study-contract.ts';
import { describeSource } from './bundles.ts';
import { decisionJobs } from './decide.ts';
import { evaluationJobs } from './evaluate.ts';
import { explanationJobs } from './explain.ts';
import { getDataset, getModel, getPrepared, type StudyHost, type StudyState } from './state.ts';

type Export = Parameters<StudyJobs['exportTable']>[0];

export function fileJobs(state: StudyState, host: StudyHost) {
  return {
    async exportTable({ what, format }: Export, run: JobRun): Promise<FileResult> {
      const frame = what === 'customers' ? getDataset(state).frame : getPrepared(state).features;
      await run.checkpoint({ fraction: 0.1, stage: `Writing ${what}` });
      return format === 'parquet'
        ? { name: `${what}.parquet`, mediaType: 'application/vnd.apache.parquet', bytes: await host.toParquet(frame) }
        : { name: `${what}.csv`, mediaType: 'text/csv', bytes: writeCsv(frame) };
    },
    async exportModelText(): Promise<FileResult> {
      const { model } = getModel(state, 'boosting').trained;
      const files = modelCatalogue.boosting.write(model);
      const text = files['model.txt'];
      if (!text) throw new StudioError('internal', 'The boosting model wrote no text.');
      return { name: 'model.txt', mediaType: 'text/plain', bytes: new Uint8Array(text) };
    },
    async exportTfjsModel(): Promise<FileResult> {
      const { model } = getModel(state, 'neural').trained;
      if (model.kind !== 'neural') throw new StudioError('internal', 'The network is of another kind.');
      return { name: 'network-tfjs.zip', mediaType: 'application/zip', bytes: host.zip(writeTfjsModel(model)) };
    },
    async report(_: Record<string, never>, run: JobRun): Promise<FileResult> {
      const evaluation = await evaluationJobs(state, host).evaluate({ cut: state.cut }, run);
      const decision = state.decision ? await decisionJobs(state).decide(state.decision, run) : undefined;
      const [top] = await explanationJobs(state, host).findCustomers({ query: '', limit: 1 });
      const customer = top && (await explanationJobs(state, host).explainCustomer({ row: top.row }, run));
      const html = reportHtml({
        title: `Conversion propensity: ${describeSource(state)}`,
        sections: [
          {
            heading: 'Which model',
            sentence: evaluation.verdict,
            tables: [
              {
                title: `Figures on ${integer(evaluation.testRows)} test customers, ${integer(evaluation.testConversions)} of whom converted`,
                columns: [
                  'Model',
                  'AUC',
                  '95 % band',
                  'PR-AUC',
                  'Lift in top 10 %',
                  'Log-loss',
                  'Brier',
                  'ECE',
                  'Train seconds',
                ],
                rows: evaluation.models.map(({ label, metrics: m, trainSeconds }) => [
                  label,
                  m.auc.value.toFixed(3),
                  `${m.auc.low.toFixed(3)}–${m.auc.high.toFixed(3)}`,
                  m.prAuc.value.toFixed(3),
                  m.lift10.value.toFixed(2),
                  m.logLoss.value.toFixed(4),
                  m.brier.value.toFixed(4),
                  m.ece.value.toFixed(4),
                  trainSeconds.toFixed(2),
                ]),
              },
            ],
            figures: evaluation.figures,
          },
          {
            heading: 'Bands',
            sentence: 'Observed conversion by band of the propensity score, on test customers.',
            tables: [
              {
                title: 'Bands',
                columns: ['Band', 'Customers', 'Share', 'Conversion', '95 % band', 'Buyers held'],
                rows: (evaluation.models.find(({ kind }) => kind === evaluation.best)?.bands ?? []).map((band) => [
                  band.name,
                  integer(band.customers),
                  percent(band.share),
                  percent(band.conversion),
                  `${percent(band.low)}–${percent(band.high)}`,
                  percent(band.buyersHeld),
                ]),
              },
            ],
            figures: [],
          },
          ...(decision
            ? [{ heading: 'Whom to contact', sentence: decision.verdict, tables: [], figures: [decision.profitCurve] }]
            : []),
          ...(customer
            ? [
                {
                  heading: `Why customer ${customer.id}`,
                  sentence: customer.sentence,
                  tables: [],
                  figures: [customer.waterfall],
                },
              ]
            : []),
        ],
      });
      return { name: 'report.html', mediaType: 'text/html', bytes: new TextEncoder().encode(html) };
    },
  };
}
