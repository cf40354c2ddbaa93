import type { Figure } from '../../core/reports/figure.ts';
import { figureToRows } from '../../core/reports/figure-rows.ts';
import { formatNumber } from '../format.ts';

/** The numbers of a figure as a table, for those who cannot or do not want to read the picture. */
export function FigureTable({ figure }: { figure: Figure }) {
  const { columns, rows } = figureToRows(figure);
  return (
    <section className="table-scroll" style={{ maxHeight: 280 }} tabIndex={0} aria-label={`Numbers of ${figure.title}`}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, k) => (
                <td key={columns[k]} className={typeof cell === 'number' ? 'number' : ''}>
                  {typeof cell === 'number' ? formatNumber(cell) : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
