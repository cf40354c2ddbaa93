import { Button, Tabs } from '@mantine/core';
import type { DatasetSummary } from '../../../core/jobs/study-contract.ts';
import { Failure } from '../../components/failure.tsx';
import { Findings } from '../../components/findings.tsx';
import { Stats } from '../../components/stats.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatInteger, formatMeasure, formatPercent } from '../../format.ts';
import { useChoice } from '../../shell/view.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';
import { ColumnTable } from './column-table.tsx';
import { LabelForm } from './label-form.tsx';
import { Rows } from './rows.tsx';
import { SnapshotForm } from './snapshot-form.tsx';
import { Source } from './source.tsx';

/** Where customers come from, and what there is to know about them before anything is learned. */
export function DataPage() {
  const dataset = useStudy((state) => state.dataset);
  return dataset ? (
    <OpenTable dataset={dataset} />
  ) : (
    <div className="stack">
      <Verdict step="Data">
        No customers yet. Make 50,000 sample customers, or drop a CSV or Parquet file anywhere.
      </Verdict>
      <Failure of="data" />
      <Source />
    </div>
  );
}

function OpenTable({ dataset }: { dataset: DatasetSummary }) {
  const [tab, setTab] = useChoice('tab', ['columns', 'rows', 'source']);
  const actions = useActions();
  const { host } = useStudio();
  const canLeaveOut = dataset.label !== undefined;
  return (
    <div className="stack">
      <Verdict step="Data">{dataset.verdict}</Verdict>
      <Failure of="data" />
      <Stats stats={statsOf(dataset)} />
      {!dataset.label && <LabelForm dataset={dataset} />}
      {dataset.needsAsOf && <SnapshotForm dataset={dataset} />}
      {dataset.findings.length > 0 && (
        <Findings
          findings={dataset.findings}
          leaveOut={canLeaveOut ? (columns) => void actions.leaveOut(columns) : undefined}
        />
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="columns">Columns and roles</Tabs.Tab>
          <Tabs.Tab value="rows">Rows</Tabs.Tab>
          <Tabs.Tab value="source">Make or open others</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="columns" pt={16}>
          <ColumnTable dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="rows" pt={16}>
          <Rows dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="source" pt={16}>
          <Source />
        </Tabs.Panel>
      </Tabs>
      <div className="row">
        <Button
          variant="default"
          onClick={() =>
            void actions.download('Writing customers as Parquet', (options) =>
              host.study.exportTable({ what: 'customers', format: 'parquet' }, options),
            )
          }
        >
          Download customers (Parquet)
        </Button>
        <Button
          variant="default"
          onClick={() =>
            void actions.download('Writing customers as CSV', (options) =>
              host.study.exportTable({ what: 'customers', format: 'csv' }, options),
            )
          }
        >
          Download customers (CSV)
        </Button>
      </div>
    </div>
  );
}

function statsOf({ rowCount, columns, label, oracleAuc, asOf }: DatasetSummary) {
  const known = label ? label.positives + label.negatives : 0;
  return [
    {
      label: 'Customers',
      value: formatInteger(rowCount),
      ...(label && label.unknown > 0 ? { band: `${formatInteger(label.unknown)} without an outcome yet` } : {}),
    },
    { label: 'Columns', value: formatInteger(columns.length) },
    ...(label
      ? [
          {
            label: 'Converted',
            value: formatPercent(label.positives / Math.max(1, known)),
            band: `${formatInteger(label.positives)} of ${formatInteger(known)}`,
          },
        ]
      : []),
    ...(oracleAuc === undefined ? [] : [{ label: 'Ceiling: AUC of an oracle', value: formatMeasure(oracleAuc) }]),
    ...(asOf ? [{ label: 'Taken on', value: asOf }] : []),
  ];
}
