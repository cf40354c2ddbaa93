import { type ReactNode, useState } from 'react';

export interface TableColumn<Row> {
  readonly title: string;
  readonly renderCell: (row: Row) => ReactNode;
  /** Makes the column sortable; numbers stand to the right. */
  readonly sort?: (row: Row) => number | string;
  readonly number?: boolean;
}

/** A table of up to a few hundred rows, sorted by a click on a head. */
export function PlainTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  maxHeight,
}: {
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  maxHeight?: number;
}) {
  const [order, setOrder] = useState<{ column: number; down: boolean } | null>(null);
  const sort = order ? columns[order.column]?.sort : undefined;
  const sorted = sort ? [...rows].sort((a, b) => compare(sort(a), sort(b)) * (order?.down ? -1 : 1)) : rows;
  return (
    <section className="table-scroll" style={maxHeight ? { maxHeight } : {}} tabIndex={0} aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((column, c) => {
              const isOrder = order?.column === c;
              return (
                <th
                  key={column.title}
                  scope="col"
                  className={column.number ? 'number' : ''}
                  aria-sort={isOrder ? (order.down ? 'descending' : 'ascending') : undefined}
                >
                  {column.sort ? (
                    <button
                      type="button"
                      className="sort"
                      onClick={() => setOrder({ column: c, down: isOrder ? !order.down : Boolean(column.number) })}
                    >
                      {column.title}
                      {isOrder ? (order.down ? ' ↓' : ' ↑') : ''}
                    </button>
                  ) : (
                    column.title
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.title} className={column.number ? 'number' : ''}>
                  {column.renderCell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
