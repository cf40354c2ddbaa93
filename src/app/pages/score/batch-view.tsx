import { Button } from '@mantine/core';
import { BandName, BandShares } from '../../components/band-bar.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Stats } from '../../components/stats.tsx';
import { formatInteger, formatPercent } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { type LargeTableFile, type ScoredBatch, scoreLarge } from './score-store.ts';

/** A large table that waits for a place to write its scores to. */
export function LargeTable({ large }: { large: LargeTableFile }) {
  const studio = useStudio();
  return (
    <section className="sheet stack close">
      <h2 className="section-title">{large.name}</h2>
      <p>
        {formatInteger(large.file.size / 1e6)} MB: its scores are written straight to disk while it is read. Nothing
        leaves this computer, and the table is never held whole.
      </p>
      <div>
        <Button onClick={() => void scoreLarge(large, studio)}>Score to a file</Button>
      </div>
    </section>
  );
}

/** What a large table came to: its scores are already on disk. */
export function BatchView({ batch }: { batch: ScoredBatch }) {
  const { rows, bands, problemCounts } = batch;
  return (
    <>
      <Stats
        stats={[
          { label: 'Customers', value: formatInteger(rows.kept) },
          { label: 'Expected conversions', value: formatInteger(batch.expectedConversions) },
          { label: 'Rows rejected', value: formatInteger(rows.rejected) },
          { label: 'Empty rows', value: formatInteger(rows.blank) },
        ]}
      />
      <BandShares bands={bands} />
      <PlainTable
        label="Bands of the scored customers"
        rows={bands}
        rowKey={(row) => row.name}
        columns={[
          { title: 'Band', renderCell: (row) => <BandName name={row.name} /> },
          { title: 'Customers', number: true, renderCell: (row) => formatInteger(row.customers) },
          { title: 'Share', number: true, renderCell: (row) => formatPercent(row.share) },
        ]}
      />
      {problemCounts.length > 0 && (
        <PlainTable
          label="Problems found"
          rows={problemCounts}
          rowKey={(row) => `${row.column} ${row.problem}`}
          columns={[
            { title: 'Column', renderCell: (row) => row.column || 'Whole row' },
            { title: 'Problem', renderCell: (row) => row.problem },
            { title: 'Rows', number: true, renderCell: (row) => formatInteger(row.rows) },
            {
              title: 'First',
              renderCell: (row) => {
                const first = batch.problems.find((each) => each.column === row.column && each.problem === row.problem);
                return first ? `row ${first.row}: ${first.value}` : '';
              },
            },
          ]}
        />
      )}
    </>
  );
}
