import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { RowPage } from '../../core/jobs/study-contract.ts';
import { formatNumber } from '../format.ts';

const rowHeight = 32;
const pageSize = 100;

/** All rows of a table by scrolling: only those in sight are fetched and drawn. `version` says when the rows are others. */
export function RowTable({
  label,
  rowCount,
  version,
  fetchRows,
  hidden,
}: {
  label: string;
  rowCount: number;
  version: unknown;
  fetchRows: (from: number, to: number) => Promise<RowPage>;
  /** Columns that are left out. */
  hidden?: ReadonlySet<string>;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  const [pages, setPages] = useState<ReadonlyMap<number, RowPage>>(new Map());
  const asked = useRef(new Set<number>());
  const latest = useRef(version);
  if (latest.current !== version) {
    latest.current = version;
    asked.current = new Set();
    setPages(new Map());
  }
  // oxlint-disable-next-line react/incompatible-library -- its functions are not memoised, and nothing here is compiled
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const items = rows.getVirtualItems();
  const first = Math.floor((items[0]?.index ?? 0) / pageSize);
  const last = Math.floor((items.at(-1)?.index ?? 0) / pageSize);

  useEffect(() => {
    for (let page = first; page <= last; page++) {
      if (asked.current.has(page)) continue;
      asked.current.add(page);
      fetchRows(page * pageSize, Math.min(rowCount, (page + 1) * pageSize)).then(
        (result) => {
          if (latest.current === version) setPages((old) => new Map(old).set(page, result));
        },
        () => asked.current.delete(page),
      );
    }
  }, [first, last, rowCount, version, fetchRows]);

  const columns = pages.values().next().value?.columns ?? [];
  const shown = columns.flatMap((column, c) => (hidden?.has(column) ? [] : [c]));
  const isNumber = columns.map((_, c) => [...pages.values()].some((page) => typeof page.rows[0]?.[c] === 'number'));
  const above = items[0]?.start ?? 0;
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={scroll}
      className="table-scroll"
      style={{ height: Math.min(420, 48 + rowCount * rowHeight) }}
      tabIndex={0}
      aria-label={label}
    >
      <table className="table" aria-rowcount={rowCount + 1}>
        <thead>
          <tr>
            {shown.map((c) => (
              <th key={columns[c]} scope="col" className={isNumber[c] ? 'number' : ''}>
                {columns[c]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr aria-hidden style={{ height: above }} />
          {items.map(({ index }) => {
            const row = pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
            return (
              <tr key={index} aria-rowindex={index + 2} style={{ height: rowHeight }}>
                {shown.map((c) => {
                  const cell = row?.[c];
                  return (
                    <td key={columns[c]} className={typeof cell === 'number' ? 'number nowrap' : 'nowrap'}>
                      {cell === undefined ? (
                        ''
                      ) : cell === null ? (
                        <span className="muted">–</span>
                      ) : typeof cell === 'number' ? (
                        formatNumber(cell)
                      ) : (
                        cell
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          <tr aria-hidden style={{ height: below }} />
        </tbody>
      </table>
    </section>
  );
}
