import { NativeSelect, TextInput } from '@mantine/core';
import { useCallback, useDeferredValue, useEffect, useRef, useState } from 'react';
import type { CustomerQuery } from '../../../core/jobs/explanation-contract.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import type { CustomerHit } from '../../../core/jobs/study-contract.ts';
import { BandName } from '../../components/band-bar.tsx';
import { formatInteger, formatMeasure } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import './explain.css';

const rowHeight = 34;
const pageSize = 100;

/** The list is at most this many rows tall; as many more are drawn above and below. */
const rowsInSight = 13;
const spare = 6;

const whom = [
  { value: 'test', label: 'Test customers' },
  { value: 'all', label: 'All customers' },
  { value: 'selected', label: 'Selected customers' },
] as const satisfies readonly { value: CustomerQuery['among']; label: string }[];

const orders = [
  { value: 'highest', label: 'Highest first' },
  { value: 'lowest', label: 'Lowest first' },
  { value: 'row', label: 'As in the table' },
] as const;

/** All scored customers by scrolling, found by id; only those in sight are fetched. */
export function CustomerList({
  model,
  row,
  onChoose,
  among: asked = 'test',
  chosen,
  version = 0,
}: {
  model: ModelId;
  row?: string;
  onChoose: (row: string) => void;
  among?: CustomerQuery['among'];
  /** Those already chosen, where several can be. */
  chosen?: ReadonlySet<number>;
  /** Another whenever other customers are selected. */
  version?: number;
}) {
  const [query, setQuery] = useState('');
  const [among, setAmong] = useState<CustomerQuery['among']>(asked);
  const [order, setOrder] = useState<(typeof orders)[number]['value']>('highest');
  const wanted = useDeferredValue(query);
  const { rowCount, hitAt, seen } = useCustomers(model, { query: wanted, among, order }, version);
  // Rows are all equally tall: which are in sight follows from how far the list is scrolled.
  const [scrolled, setScrolled] = useState(0);
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - spare);
  const last = Math.min((rowCount ?? 1) - 1, first + rowsInSight + 2 * spare);
  useEffect(() => seen(first, last), [seen, first, last]);

  const top = hitAt(0);
  useEffect(() => {
    if (row === '' && top) onChoose(String(top.row));
  }, [row, top, onChoose]);

  return (
    <section className="stack close" aria-label="Customers">
      <TextInput
        type="search"
        label="Find a customer"
        placeholder="Id"
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <div className="row" style={{ flexWrap: 'nowrap' }}>
        <NativeSelect
          aria-label="Which customers"
          size="xs"
          className="grow"
          value={among}
          data={[...whom]}
          onChange={(event) => setAmong(event.currentTarget.value as CustomerQuery['among'])}
        />
        <NativeSelect
          aria-label="Order of customers"
          size="xs"
          className="grow"
          value={order}
          data={[...orders]}
          onChange={(event) => setOrder(event.currentTarget.value as typeof order)}
        />
      </div>
      <div className="sheet" style={{ padding: 0 }}>
        {rowCount === 0 ? (
          <p className="muted small" style={{ padding: 16 }}>
            No customer has this id.
          </p>
        ) : (
          <div
            className="hits"
            style={{ padding: 0 }}
            onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop)}
          >
            <ul className="virtual-hits" style={{ height: (rowCount ?? 0) * rowHeight }}>
              {Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
                const hit = hitAt(first + i);
                return (
                  <li key={first + i} style={{ top: (first + i) * rowHeight, height: rowHeight }}>
                    {hit && (
                      <Hit
                        hit={hit}
                        isCurrent={chosen ? chosen.has(hit.row) : String(hit.row) === row}
                        onChoose={onChoose}
                      />
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        )}
      </div>
      <p className="muted small">{rowCount === undefined ? ' ' : `${formatInteger(rowCount)} customers`}</p>
    </section>
  );
}

function Hit({ hit, isCurrent, onChoose }: { hit: CustomerHit; isCurrent: boolean; onChoose: (row: string) => void }) {
  return (
    <button
      type="button"
      className="hit"
      style={{ boxSizing: 'border-box', width: '100%' }}
      aria-current={isCurrent}
      onClick={() => onChoose(String(hit.row))}
    >
      <span className="mono">{hit.id}</span>
      <span className="small">
        <BandName name={hit.band} />
      </span>
      <span className="number">{formatMeasure(hit.propensity)}</span>
    </button>
  );
}

interface Table {
  readonly key: string;
  readonly rowCount: number;
  readonly pages: ReadonlyMap<number, readonly CustomerHit[]>;
}

/** Pages of the table, kept until the question changes. */
function useCustomers(
  model: ModelId,
  { query, among, order }: { query: string; among: CustomerQuery['among']; order: string },
  version: unknown,
) {
  const { host } = useStudio();
  const [table, setTable] = useState<Table>();
  const [[first, last], setRange] = useState<readonly [number, number]>([0, 0]);
  const key = JSON.stringify([model, query, among, order, version]);
  const latest = useRef({ key, asked: new Set<number>() });
  useEffect(() => {
    if (latest.current.key !== key) latest.current = { key, asked: new Set() };
    const { asked } = latest.current;
    for (let page = first; page <= last; page++) {
      if (asked.has(page)) continue;
      asked.add(page);
      const from = page * pageSize;
      const by = { order: order === 'row' ? 'row' : 'propensity', descending: order === 'highest' } as const;
      host.study.customers({ model, query, among, ...by, from, to: from + pageSize }).then(
        ({ rowCount, hits }) => {
          if (latest.current.key !== key) return;
          setTable((before) => ({
            key,
            rowCount,
            pages: new Map(before?.key === key ? before.pages : []).set(page, hits),
          }));
        },
        () => asked.delete(page),
      );
    }
  }, [host, model, query, among, order, key, first, last]);
  const seen = useCallback((from: number, to: number) => {
    const next = [Math.floor(from / pageSize), Math.floor(to / pageSize)] as const;
    setRange((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  return {
    rowCount: table?.rowCount,
    hitAt: (index: number) => table?.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    seen,
  };
}
