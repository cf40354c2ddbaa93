import type { ColumnProfile, DatasetSummary } from '../../../core/jobs/study-contract.ts';
import type { Role } from '../../../core/data/schema.ts';
import { MiniHistogram } from '../../components/mini-histogram.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatInteger, formatPercent, unbroken } from '../../format.ts';
import { useActions } from '../../studio-context.ts';
import { choiceOf } from './role-choice.ts';

const roles: readonly { readonly role: Role; readonly label: string }[] = [
  { role: 'feature', label: 'Feature' },
  { role: 'label', label: 'Label' },
  { role: 'id', label: 'Id' },
  { role: 'date', label: 'Date' },
  { role: 'sensitive', label: 'Sensitive' },
  { role: 'contacted', label: 'Contacted' },
  { role: 'ignore', label: 'Ignore' },
];

/** Every column with its profile, and what it is for. */
export function ColumnTable({ dataset }: { dataset: DatasetSummary }) {
  const { assignRoles } = useActions();
  const setRole = (column: ColumnProfile, role: Role) => void assignRoles(choiceOf(dataset, { [column.name]: role }));
  return (
    <PlainTable
      label="Columns"
      rows={dataset.columns}
      rowKey={(column) => column.name}
      maxHeight={560}
      columns={[
        {
          title: 'Column',
          renderCell: (column) => <span className="cell-name">{column.name}</span>,
          sort: (column) => column.name,
        },
        {
          title: 'Role',
          sort: (column) => column.role,
          renderCell: (column) => (
            <select
              className="select"
              aria-label={`Role of ${column.name}`}
              value={column.role}
              onChange={(event) => setRole(column, event.currentTarget.value as Role)}
            >
              {roles.map(({ role, label }) => (
                <option key={role} value={role}>
                  {label}
                </option>
              ))}
            </select>
          ),
        },
        {
          title: 'Distribution',
          renderCell: (column) => (
            <div className="accent-bars">{!column.idLike && <MiniHistogram bins={column.histogram} />}</div>
          ),
        },
        {
          title: 'Kind',
          renderCell: (column) => (
            <span className="nowrap">{column.unit ? `${column.kind}, ${column.unit}` : column.kind}</span>
          ),
          sort: (column) => column.kind,
        },
        {
          title: 'Values',
          renderCell: (column) => <span className="nowrap">{unbroken(valuesOf(column))}</span>,
        },
        {
          title: 'Missing',
          number: true,
          sort: (column) => column.missingShare,
          renderCell: (column) => (column.missingShare === 0 ? '' : formatPercent(column.missingShare)),
        },
        {
          title: 'Distinct',
          number: true,
          sort: (column) => column.distinct,
          renderCell: (column) => formatInteger(column.distinct),
        },
        {
          title: 'Meaning',
          renderCell: (column) => (
            <div className="cell-words">
              {column.description} <Marks column={column} />
            </div>
          ),
        },
      ]}
    />
  );
}

/** What is missing stands in its own column. */
const valuesOf = ({ summary }: ColumnProfile) =>
  summary.replace(/, [\d.]+ % missing$/, '').replace(/^\d{4,}(?= values)/, (count) => formatInteger(Number(count)));

function Marks({ column }: { column: ColumnProfile }) {
  return (
    <>
      {column.constant && <span className="tag warn">constant</span>}{' '}
      {column.idLike && <span className="tag">like an id</span>}{' '}
      {column.highCardinality && !column.idLike && <span className="tag warn">many levels</span>}
    </>
  );
}
