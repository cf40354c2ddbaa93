import type { FileResult } from '../../study-contract.ts';
import { beeswarmSummary } from '../../../reports/figures/beeswarm.ts';
import { reportHtml, type ReportSection } from '../../../reports/html-report.ts';
import { modelCard } from '../../../reports/model-card.ts';
import { integer, number, percent, plainName } from '../../../reports/words.ts';
import { partOf } from '../../../shared/checkpoint.ts';
import { StudioError } from '../../../shared/errors.ts';
import type { CohortRow, CohortTable } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { describeSource } from '../bundles.ts';
import { evaluationJobs } from '../evaluate.ts';
import { explanationJobs } from '../explain.ts';
import { bestModel, getDataset, getModel, getPrepared, type StudyHost, type StudyState } from '../state.ts';
import { cohortJobs } from './cohorts.ts';
import { columnEffectJobs } from './column-effects.ts';
import { everybodyJobs } from './everybody.ts';
import { surrogateJobs } from './surrogates.ts';

/** A report of pictures and tables stays far below this; more customers than it holds are refused. */
const mostCustomers = 50;

/** Segments among the features that a report is parted by, where the study has them. */
const segmentNames = ['rfm_segment', 'value_tier', 'value_segment', 'lifecycle_stage', 'customer_segment'];

export function explanationReportJobs(state: StudyState, host: StudyHost) {
  return {
    async explanationReport(
      { model: id = bestModel(state), rows }: { readonly model?: ModelId; readonly rows: readonly number[] },
      run: JobRun,
    ): Promise<FileResult> {
      if (rows.length > mostCustomers) {
        throw new StudioError('request.invalid', `${integer(rows.length)} customers are too many for one report.`, {
          fix: `Choose at most ${mostCustomers}.`,
        });
      }
      const part = (from: number, to: number): JobRun => ({ ...run, checkpoint: partOf(run.checkpoint, from, to) });
      const { label } = getModel(state, id);
      const evaluation = await evaluationJobs(state, host).evaluate({ cut: state.cut }, part(0, 0.2));
      const evaluated = evaluation.models.find(({ kind }) => kind === id)!;
      const everybody = everybodyJobs(state, host);
      const importances = await everybody.importances({ model: id }, part(0.2, 0.45));
      const swarm = await everybody.beeswarm({ model: id }, part(0.45, 0.5));
      const surrogate = await surrogateJobs(state).surrogate({ model: id }, part(0.5, 0.55));
      const columns = await effectsOf(
        state,
        host,
        id,
        importances.rows.slice(0, 4).map(({ feature }) => feature),
        part(0.55, 0.7),
      );
      const cohorts = await cohortsOf(state, host, id, part(0.7, 0.85));
      const customers: ReportSection[] = [];
      for (const row of rows) {
        const customer = await explanationJobs(state, host).explainCustomer({ row, model: id }, part(0.85, 1));
        customers.push({
          heading: `Customer ${customer.id}`,
          sentence: customer.sentence,
          figures: [customer.waterfall],
        });
      }
      const { splits } = getPrepared(state);
      const html = reportHtml({
        title: `${label}, explained: ${describeSource(state)}`,
        sections: [
          ...modelCard({
            model: evaluated,
            evaluation,
            source: describeSource(state),
            label: getDataset(state).table.schema.label,
            rows: { train: splits.train.length, validation: splits.validation.length, test: splits.test.length },
            trainedElsewhere: id === 'imported',
            sensitive: getDataset(state)
              .table.schema.columns.filter(({ role }) => role === 'sensitive')
              .map(({ name, description }) => description || plainName(name)),
            calibrator: evaluated.calibrator,
          }),
          {
            heading: 'What the model looks at',
            sentence: importances.verdict,
            figures: [importances.figure, importances.shuffled, beeswarmSummary(swarm.figure, swarm.cloud)],
            tables: [
              {
                title: 'Importance, four ways',
                columns: ['Feature', 'Mean |SHAP|', '95 % band', 'Gain', 'Splits', 'AUC lost when shuffled'],
                rows: importances.rows
                  .slice(0, 20)
                  .map(({ feature, shap, low, high, gain, splits: count, permutation, permutationSpread }) => [
                    plainName(feature),
                    number(shap),
                    `${number(low)}–${number(high)}`,
                    number(gain),
                    Number.isNaN(count) ? '–' : integer(count),
                    `${permutation.toFixed(4).replace('-', '−')} ± ${permutationSpread.toFixed(4)}`,
                  ]),
              },
            ],
          },
          {
            heading: 'Rules that imitate it',
            sentence: surrogate.verdict,
            tables: [
              {
                title: 'Rules',
                columns: ['Customers with', 'Share', 'Mean score', 'Conversion on test'],
                rows: surrogate.rules.map(({ words, share, propensity, conversion }) => [
                  words,
                  percent(share),
                  propensity.toFixed(3),
                  percent(conversion),
                ]),
              },
            ],
          },
          ...columns,
          ...cohorts.map(cohortSection),
          ...customers,
        ],
      });
      return {
        name: 'explanation.html',
        mediaType: 'text/html',
        bytes: new TextEncoder().encode(html) as Uint8Array<ArrayBuffer>,
      };
    },
  };
}

async function effectsOf(
  state: StudyState,
  host: StudyHost,
  model: ModelId,
  features: readonly string[],
  run: JobRun,
): Promise<ReportSection[]> {
  const sections: ReportSection[] = [];
  for (const [i, column] of features.entries()) {
    const effect = await columnEffectJobs(state, host).columnEffect(
      { model, column },
      { ...run, checkpoint: partOf(run.checkpoint, i / features.length, (i + 1) / features.length) },
    );
    sections.push({
      heading: plainName(column),
      sentence: effect.verdict,
      figures: [effect.partialDependence, ...(effect.accumulated ? [effect.accumulated] : [])],
    });
  }
  return sections;
}

async function cohortsOf(state: StudyState, host: StudyHost, model: ModelId, run: JobRun): Promise<CohortTable[]> {
  const { features } = getPrepared(state);
  const { schema } = getDataset(state).table;
  const segments = segmentNames.filter((name) => features.columns.some((column) => column.name === name));
  const sensitive = schema.columns
    .filter(({ role, kind }) => role === 'sensitive' && kind !== 'text')
    .map(({ name }) => name);
  const categories = schema.columns
    .filter(({ role, kind }) => role === 'feature' && kind === 'category')
    .map(({ name }) => name);
  const chosen = [...new Set([...segments, ...sensitive, ...categories])].slice(0, 6);
  const tables: CohortTable[] = [];
  for (const column of chosen) tables.push(await cohortJobs(state, host).cohorts({ model, column }, run));
  return tables;
}

function cohortSection({ description, rows, total, figure, verdict, cut }: CohortTable): ReportSection {
  const cells = ({
    label,
    customers,
    conversion,
    low,
    high,
    meanProbability,
    meanPropensity,
    aboveCut,
    buyersAboveCut,
    drivers,
  }: CohortRow) => [
    label,
    integer(customers),
    percent(conversion),
    `${percent(low)}–${percent(high)}`,
    percent(meanProbability),
    meanPropensity.toFixed(3),
    percent(aboveCut),
    percent(buyersAboveCut),
    drivers
      .map(({ feature, difference }) => `${plainName(feature)} ${difference > 0 ? '+' : ''}${number(difference)}`)
      .join(', ') || '–',
  ];
  return {
    heading: `Groups: ${description}`,
    sentence: verdict,
    figures: [figure],
    tables: [
      {
        title: `Outcomes of test customers; scores of all; cut ${cut.toFixed(2)}`,
        columns: [
          'Group',
          'Customers',
          'Conversion',
          '95 % band',
          'Estimated',
          'Mean score',
          'Above the cut',
          'Of buyers above',
          'Drivers against the rest (log-odds)',
        ],
        rows: [...rows, total].map(cells),
      },
    ],
  };
}
