import { Button, Popover, TextInput } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DatasetSummary, RowFilter } from '../../../core/jobs/study-contract.ts';
import { RowTable } from '../../components/row-table.tsx';
import { formatInteger } from '../../format.ts';
import { useStudio, useStudy } from '../../studio-context.ts';

/** Every row of the table, with a filter on one column and a choice of the columns that are shown. */
export function Rows({ dataset }: { dataset: DatasetSummary }) {
  const { host } = useStudio();
  const version = useStudy((state) => state.tableVersion);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [column, setColumn] = useState(dataset.columns[0]?.name ?? '');
  const [text, setText] = useState('');
  const filter = useFilter(column, text);
  const found = useFound(filter, version);
  const fetchRows = useCallback((from: number, to: number) => host.fetchRows(from, to, filter), [host, filter]);
  const rowCount = filter ? (found ?? 0) : dataset.rowCount;
  return (
    <div className="stack close">
      <div className="row end">
        <label className="stack" style={{ gap: 2 }}>
          <span style={{ fontWeight: 600 }}>Filter by</span>
          <select className="select tall" value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
            {dataset.columns.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <TextInput
          type="search"
          label="Holds"
          placeholder="text, > 5, missing"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <ColumnChoice columns={dataset.columns.map(({ name }) => name)} hidden={hidden} onChange={setHidden} />
        <p className="muted" role="status">
          {filter
            ? found === undefined
              ? 'Looking …'
              : `${formatInteger(found)} of ${formatInteger(dataset.rowCount)} rows`
            : `${formatInteger(dataset.rowCount)} rows`}
        </p>
      </div>
      <RowTable
        label={`Rows of ${dataset.name}`}
        rowCount={rowCount}
        // The count belongs to it: before it is known there is nothing to fetch.
        version={`${version} ${rowCount} ${filter ? `${filter.column} ${filter.text}` : ''}`}
        fetchRows={fetchRows}
        hidden={hidden}
      />
    </div>
  );
}

function ColumnChoice({
  columns,
  hidden,
  onChange,
}: {
  columns: readonly string[];
  hidden: ReadonlySet<string>;
  onChange: (hidden: ReadonlySet<string>) => void;
}) {
  return (
    <Popover width={280} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {hidden.size === 0 ? 'Columns' : `${columns.length - hidden.size} of ${columns.length} columns`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack tight" style={{ maxHeight: 320, overflow: 'auto' }}>
          <div className="row">
            <Button size="compact-sm" variant="subtle" onClick={() => onChange(new Set())}>
              All
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => onChange(new Set(columns.slice(1)))}>
              Only the first
            </Button>
          </div>
          {columns.map((column) => (
            <label key={column} className="row small">
              <input
                type="checkbox"
                checked={!hidden.has(column)}
                onChange={() => {
                  const next = new Set(hidden);
                  if (!next.delete(column)) next.add(column);
                  // A table without columns says nothing.
                  if (next.size < columns.length) onChange(next);
                }}
              />
              {column}
            </label>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The filter once the typing has come to rest; none while nothing is typed. */
function useFilter(column: string, text: string): RowFilter | undefined {
  const [rested, setRested] = useState({ column, text });
  useEffect(() => {
    const rest = setTimeout(() => setRested({ column, text }), 200);
    return () => clearTimeout(rest);
  }, [column, text]);
  return useMemo(() => (rested.text.trim() === '' ? undefined : rested), [rested]);
}

/** How many rows a filter lets through, once that is known. */
function useFound(filter: RowFilter | undefined, version: number): number | undefined {
  const { host } = useStudio();
  const [found, setFound] = useState<{ readonly of: string; readonly rows: number }>();
  const of = `${version} ${filter?.column} ${filter?.text}`;
  useEffect(() => {
    if (!filter) return;
    let current = true;
    host.fetchRows(0, 1, filter).then(
      ({ rowCount }) => current && setFound({ of, rows: rowCount ?? 0 }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [host, filter, of]);
  return found?.of === of ? found.rows : undefined;
}
