import type { BandRow } from '../../core/jobs/study-contract.ts';
import { formatInteger, formatPercent } from '../format.ts';
import { PlainTable } from './plain-table.tsx';

/** The three bands: how many customers, how many of them buy, how many of all buyers they hold. */
export function BandBar({ bands }: { bands: readonly BandRow[] }) {
  return (
    <div className="stack close">
      <BandShares bands={bands} />
      <PlainTable
        label="Bands"
        rows={bands}
        rowKey={(row) => row.name}
        columns={[
          { title: 'Band', renderCell: (row) => <BandName name={row.name} /> },
          { title: 'Customers', number: true, renderCell: (row) => formatInteger(row.customers) },
          { title: 'Share', number: true, renderCell: (row) => formatPercent(row.share) },
          {
            title: 'Converted',
            number: true,
            renderCell: (row) => (
              <span className="nowrap">
                {formatPercent(row.conversion)} ({formatPercent(row.low)}–{formatPercent(row.high)})
              </span>
            ),
          },
          { title: 'Of all buyers', number: true, renderCell: (row) => formatPercent(row.buyersHeld) },
        ]}
      />
    </div>
  );
}

export function BandShares({
  bands,
}: {
  bands: readonly { readonly name: BandRow['name']; readonly share: number }[];
}) {
  const words = bands.map((row) => `${row.name} ${formatPercent(row.share)}`).join(', ');
  return (
    <div className="bands" role="img" aria-label={words}>
      {bands.map((row) => (
        <div key={row.name} style={{ flex: row.share, background: `var(--${row.name.toLowerCase()})` }} />
      ))}
    </div>
  );
}

export function BandName({ name }: { name: BandRow['name'] }) {
  return (
    <span className="nowrap">
      <span className="dot" style={{ background: `var(--${name.toLowerCase()})` }} aria-hidden />
      {name}
    </span>
  );
}
