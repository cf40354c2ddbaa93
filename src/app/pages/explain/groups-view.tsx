import { Button, NativeSelect } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import type { CohortRow } from '../../../core/jobs/explanation-contract.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatInteger, formatMeasure, formatPercent, unbroken } from '../../format.ts';
import { useParam } from '../../shell/view.ts';
import { useStudio, useStudy } from '../../studio-context.ts';
import { signed } from './tree-path.tsx';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';

/** Customers in groups by any raw column or segment: who they are, how they convert, and whether the model is right about them. */
export default function GroupsView({ model, say }: { model: ModelId; say: (sentence: string) => void }) {
  const columns = useStudy((state) => state.dataset?.columns);
  const cut = useStudy((state) => state.evaluation?.cut);
  const features = useStudy((state) => state.features?.features);
  const segments = features?.filter(({ kind }) => kind === 'category').map(({ name }) => name) ?? [];
  const raw =
    columns?.filter(({ role, kind }) => role !== 'label' && role !== 'id' && kind !== 'text').map(({ name }) => name) ??
    [];
  const [asked, setName] = useParam('group', '');
  const name = [...segments, ...raw].includes(asked)
    ? asked
    : (segments.find((each) => each.includes('segment')) ?? raw[0] ?? '');
  return (
    <div className="stack">
      <div className="row end">
        <NativeSelect
          label="Groups by"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data={[
            { group: 'Segments', items: segments.filter((each) => !raw.includes(each)) },
            { group: 'Raw columns', items: raw },
          ]}
        />
      </div>
      <GroupTable key={cut} model={model} column={name} say={say} />
    </div>
  );
}

function GroupTable({ model, column, say }: { model: ModelId; column: string; say: (sentence: string) => void }) {
  const { host } = useStudio();
  const answer = useAnswer(
    useCallback((options) => host.study.cohorts({ model, column }, options), [host, model, column]),
  );
  const table = valueOf(answer);
  useEffect(() => {
    if (table) say(table.verdict);
  }, [table, say]);
  const ordered: readonly CohortRow[] = table ? [...table.rows, table.total] : [];
  return (
    <>
      <Waiting answer={answer} what="Grouping customers" />
      {table && (
        <>
          <FigureView figure={table.figure} height={340} />
          <PlainTable
            label="Groups of customers"
            rows={ordered}
            rowKey={({ label }) => label}
            columns={[
              { title: 'Group', renderCell: ({ label }) => <span className="cell-name">{label}</span> },
              {
                title: 'Customers',
                number: true,
                sort: (row) => row.customers,
                renderCell: (row) => formatInteger(row.customers),
              },
              {
                title: 'Conversion',
                number: true,
                sort: (row) => row.conversion || 0,
                renderCell: (row) => formatPercent(row.conversion),
              },
              {
                title: '95 % band',
                number: true,
                renderCell: ({ low, high, testCustomers }) =>
                  testCustomers === 0 ? (
                    '–'
                  ) : (
                    <span className="nowrap">{unbroken(`${formatPercent(low)}–${formatPercent(high)}`)}</span>
                  ),
              },
              {
                title: 'Estimated',
                number: true,
                sort: (row) => row.meanProbability || 0,
                renderCell: (row) => formatPercent(row.meanProbability),
              },
              {
                title: 'Mean score',
                number: true,
                sort: (row) => row.meanPropensity,
                renderCell: (row) => formatMeasure(row.meanPropensity),
              },
              {
                title: 'Above the cut',
                number: true,
                sort: (row) => row.aboveCut,
                renderCell: (row) => formatPercent(row.aboveCut),
              },
              {
                title: 'Of buyers above',
                number: true,
                sort: (row) => row.buyersAboveCut || 0,
                renderCell: (row) => formatPercent(row.buyersAboveCut),
              },
              {
                title: 'Sets it apart (log-odds)',
                renderCell: ({ drivers }) => (
                  <div className="cell-words">
                    {drivers
                      .map(({ feature, difference }) => `${feature.replaceAll('_', ' ')} ${signed(difference)}`)
                      .join(', ') || '–'}
                  </div>
                ),
              },
            ]}
          />
          <p className="muted small">
            Conversion, its band and what was estimated are of test customers, whose outcomes no model has seen; scores
            are of everybody. The cut is {formatMeasure(table.cut)}.
          </p>
        </>
      )}
      {table && (
        <div>
          <Button variant="default" onClick={() => host.saveFile(table.file)}>
            Download the groups
          </Button>
        </div>
      )}
    </>
  );
}
