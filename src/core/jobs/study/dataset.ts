import { findScenario } from '../../data/customers/catalogue.ts';
import { makeCustomers } from '../../data/customers/make-customers.ts';
import { cellAt, type Frame, formatDay, takeRows } from '../../data/frame.ts';
import { findLeakage } from '../../data/leakage.ts';
import { profileFrame } from '../../data/profile.ts';
import { applyRoles, guessSchema } from '../../data/roles.ts';
import type { Role, TableSchema } from '../../data/schema.ts';
import { rocAucOf } from '../../evaluation/measures/roc-auc.ts';
import { dataVerdict } from '../../reports/verdicts.ts';
import { partOf } from '../../shared/checkpoint.ts';
import type { JobRun } from '../job.ts';
import type {
  ColumnProfile,
  DatasetSummary,
  RoleChoice,
  RowFilter,
  RowPage,
  SampleOptions,
  StudyJobs,
} from '../study-contract.ts';
import { matchingRows } from './row-filter.ts';
import { forgetModels, getDataset, type OpenDataset, type StudyHost, type StudyState } from './state.ts';

type Preview = Parameters<StudyJobs['previewRows']>[0];

/** Opening, making and describing the raw table. Every one of these answers before it changes the study. */
export function datasetJobs(state: StudyState, host: StudyHost) {
  /** The rows of the last filter: a view that scrolls asks for them page by page. */
  let filtered: (RowFilter & { readonly frame: Frame; readonly rows: Uint32Array }) | undefined;
  const open = (dataset: OpenDataset): DatasetSummary => {
    const summary = summarise(dataset);
    state.dataset = dataset;
    delete state.prepared;
    delete state.decision;
    forgetModels(state);
    return summary;
  };
  return {
    async makeCustomers(options: SampleOptions, run: JobRun): Promise<DatasetSummary> {
      const scenario = findScenario(options.scenario);
      const table = await makeCustomers(options, {
        checkpoint: partOf(run.checkpoint, 0, 0.8),
        allocate: host.allocate,
      });
      await run.checkpoint({ fraction: 0.85, stage: 'Describing the columns' });
      return open({
        name: scenario.label,
        source: 'sample',
        scenario: scenario.id,
        seed: options.seed,
        frame: table.frame,
        guessed: table.schema,
        labelCandidates: table.schema.label
          ? [{ column: table.schema.label.column, values: ['no', 'yes'], positive: table.schema.label.positive }]
          : [],
        table,
        ...(table.trueProbability ? { trueProbability: table.trueProbability } : {}),
        ...(typeof table.asOf === 'number' ? { asOfText: formatDay(table.asOf) } : {}),
        findings: [],
      });
    },
    async openTable(
      { file, name }: { readonly file: Blob; readonly name: string },
      run: JobRun,
    ): Promise<DatasetSummary> {
      const { frame, findings } = await host.readTable({ file, name }, { checkpoint: partOf(run.checkpoint, 0, 0.8) });
      await run.checkpoint({ fraction: 0.85, stage: 'Describing the columns' });
      const { schema, labelCandidates } = guessSchema(frame, name);
      return open({
        name,
        source: 'file',
        frame,
        guessed: schema,
        labelCandidates,
        table: { frame, schema },
        findings,
      });
    },
    async assignRoles(choice: RoleChoice, run: JobRun): Promise<DatasetSummary> {
      const dataset = getDataset(state);
      await run.checkpoint({ fraction: 0.1, stage: 'Reading the label' });
      const asOf = choice.asOf ?? dataset.asOfText;
      const table = applyRoles(dataset.frame, dataset.guessed, { ...choice, ...(asOf === undefined ? {} : { asOf }) });
      const { trueProbability } = dataset;
      // The known chance is of the label it was drawn for, not of another.
      const isDrawn = isSameLabel(table.schema.label, dataset.guessed.label);
      return open({
        ...dataset,
        table: trueProbability && isDrawn ? { ...table, trueProbability } : table,
        ...(asOf === undefined ? {} : { asOfText: asOf }),
      });
    },
    async previewRows({ from, to, filter }: Preview): Promise<RowPage> {
      const { frame } = getDataset(state);
      if (!filter) return pageOf(frame, from, to);
      if (filtered?.frame !== frame || filtered.column !== filter.column || filtered.text !== filter.text) {
        filtered = { ...filter, frame, rows: matchingRows(frame, filter) };
      }
      const { rows } = filtered;
      const shown = takeRows(frame, rows.subarray(Math.max(0, from), to));
      return { ...pageOf(shown, 0, shown.rowCount), rowCount: rows.length };
    },
  };
}

function isSameLabel(one: TableSchema['label'], other: TableSchema['label']): boolean {
  return one?.column === other?.column && one?.positive === other?.positive;
}

/** At most 500 rows of a frame, as they are shown. */
export function pageOf(frame: Frame, from: number, to: number): RowPage {
  const end = Math.min(to, frame.rowCount, from + 500);
  const rows = [];
  for (let row = Math.max(0, from); row < end; row++) rows.push(frame.columns.map((column) => cellAt(column, row)));
  return { columns: frame.columns.map((column) => column.name), rows };
}

function summarise(dataset: OpenDataset): DatasetSummary {
  const { frame, table, guessed } = dataset;
  const known = new Map(table.schema.columns.map((column) => [column.name, column]));
  const columns = profileFrame(frame).map((profile): ColumnProfile => {
    const schema = known.get(profile.name);
    return {
      name: profile.name,
      description: schema?.description ?? '',
      ...(schema?.unit === undefined ? {} : { unit: schema.unit }),
      kind: profile.kind,
      role: schema?.role ?? ('ignore' satisfies Role),
      missingShare: profile.missingShare,
      distinct: profile.distinct,
      constant: profile.constant,
      idLike: profile.idLike,
      highCardinality: profile.highCardinality,
      summary: profile.summary,
      histogram: profile.histogram,
    };
  });
  const label = countLabel(dataset);
  const rows = labelledRows(dataset);
  const findings = [...dataset.findings, ...(label && rows.length ? findLeakage(table, rows) : [])];
  const hasDates = guessed.columns.some((column) => column.kind === 'date');
  const oracleAuc = table.trueProbability && table.labels ? rocAucOf(table.labels, table.trueProbability) : undefined;
  const summary = {
    name: dataset.name,
    source: dataset.source,
    ...(dataset.scenario === undefined ? {} : { scenario: dataset.scenario }),
    ...(dataset.seed === undefined ? {} : { seed: dataset.seed }),
    rowCount: frame.rowCount,
    columns,
    ...(label ? { label } : {}),
    labelCandidates: dataset.labelCandidates,
    ...(dataset.asOfText === undefined ? {} : { asOf: dataset.asOfText }),
    needsAsOf: hasDates && table.asOf === undefined,
    ...(oracleAuc === undefined ? {} : { oracleAuc }),
    findings,
  };
  return { ...summary, verdict: dataVerdict(summary) };
}

function countLabel({ table }: OpenDataset): DatasetSummary['label'] {
  const { label } = table.schema;
  if (!label || !table.labels) return undefined;
  let positives = 0;
  let negatives = 0;
  for (const value of table.labels) {
    if (value === 1) positives++;
    else if (value === 0) negatives++;
  }
  return { ...label, positives, negatives, unknown: table.labels.length - positives - negatives };
}

function labelledRows({ table }: OpenDataset): Uint32Array {
  const { labels } = table;
  if (!labels) return new Uint32Array();
  const rows = new Uint32Array(labels.length);
  let count = 0;
  labels.forEach((label, row) => {
    if (label >= 0) rows[count++] = row;
  });
  return rows.slice(0, count);
}
