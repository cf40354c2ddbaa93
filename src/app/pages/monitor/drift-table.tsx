import { Button } from '@mantine/core';
import { Fragment } from 'react';
import type { DriftRow, DriftSummary } from '../../../core/jobs/study-contract.ts';
import { driftWord } from '../../../core/reports/words.ts';
import { PlainTable, type TableColumn } from '../../components/plain-table.tsx';
import { formatMeasure, formatNumber } from '../../format.ts';

const tags: Readonly<Record<string, string>> = { stable: 'good', moderate: 'warn', significant: 'bad' };

/** Every measure of the score and of every feature, and whether chance would move it as far. */
export function DriftTable({
  drift,
  rows,
  chosen,
  onChoose,
}: {
  drift: DriftSummary;
  rows: readonly DriftRow[];
  chosen: DriftRow | undefined;
  onChoose: (feature: string) => void;
}) {
  const measures = drift.measures.map(({ id, label }): TableColumn<DriftRow> => {
    const of = (row: DriftRow) => row.measures[id] ?? Number.NaN;
    // What does not apply stands below every value: no measure reaches −2.
    return {
      title: label,
      number: true,
      sort: (row) => (Number.isNaN(of(row)) ? -2 : of(row)),
      renderCell: (row) => (Math.abs(of(row)) >= 1 ? formatNumber(of(row)) : formatMeasure(of(row))),
    };
  });
  const [first, ...others] = measures;
  return (
    <>
      <PlainTable
        label="Drift by feature"
        rows={rows}
        rowKey={(row) => row.feature}
        maxHeight={480}
        columns={[
          {
            title: 'Feature',
            sort: (row) => row.feature,
            renderCell: (row) => (
              <Button
                variant="subtle"
                size="compact-sm"
                title={row.description}
                aria-pressed={row === chosen}
                onClick={() => onChoose(row.feature)}
              >
                {row.feature}
              </Button>
            ),
          },
          ...(first ? [first] : []),
          { title: 'Verdict', sort: driftWord, renderCell: (row) => <Tag word={driftWord(row)} /> },
          {
            title: 'Chance',
            number: true,
            sort: (row) => (Number.isNaN(row.chance) ? 2 : row.chance),
            renderCell: (row) => (row.alarm ? '≤ 0.01' : formatMeasure(row.chance)),
          },
          ...others,
        ]}
      />
      <details className="more">
        <summary>What the columns say</summary>
        <dl>
          <dt>Verdict</dt>
          <dd>
            By PSI: stable below 0.1, moderate, significant from 0.2; within noise where chance alone would move it as
            far. One report in a hundred without drift calls any feature moved.
          </dd>
          <dt>Chance</dt>
          <dd>
            The chance of such a PSI if nothing had changed, from shuffling the customers between the two tables,
            corrected for the number of features. Asked from a PSI of 0.1.
          </dd>
          {drift.measures.map(({ id, label, help }) => (
            <Fragment key={id}>
              <dt>{label}</dt>
              <dd>{help}</dd>
            </Fragment>
          ))}
        </dl>
        {!drift.exact && (
          <p className="muted">
            The bundle carries 100 quantiles of each number and no customers: KS is within about 0.005 (more where many
            customers share a value), Wasserstein leaves out the outermost half per cent, Evidently&rsquo;s PSI cannot
            be told. PSI and the others are exact.
          </p>
        )}
      </details>
    </>
  );
}

function Tag({ word }: { word: string }) {
  return <span className={`tag ${tags[word] ?? ''}`}>{word}</span>;
}
