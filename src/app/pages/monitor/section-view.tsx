import type { ReportSection } from '../../../core/reports/html-report.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable, type TableColumn } from '../../components/plain-table.tsx';

type Row = readonly (string | number)[];

/** A section of the monitoring report: its sentence (unless the page has `said` it), tables and figures. */
export function SectionView({ section, said }: { section: ReportSection; said: string }) {
  const { sentence, figures = [], tables = [] } = section;
  return (
    <div className="stack">
      {sentence !== said && <p>{sentence}</p>}
      {tables.map(({ title, columns, rows }) => (
        <section key={title} className="stack close">
          <h2 className="section-title">{title}</h2>
          {rows.length > 0 && (
            <PlainTable
              label={title}
              rows={rows}
              rowKey={(row: Row) => row.join('|')}
              maxHeight={480}
              columns={columns.map(
                (column, i): TableColumn<Row> => ({
                  title: column,
                  number: i > 0 && rows.every((row) => /^[^a-z]*$/.test(String(row[i]))),
                  renderCell: (row) => row[i] ?? '',
                }),
              )}
            />
          )}
        </section>
      ))}
      {figures.length > 0 && (
        <div className="columns">
          {figures.map((figure) => (
            <FigureView key={figure.id} figure={figure} height={360} />
          ))}
        </div>
      )}
    </div>
  );
}
