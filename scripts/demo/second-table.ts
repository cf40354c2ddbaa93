import { copyFileSync, writeFileSync } from 'node:fs';
import { makeCustomers } from '../../src/core/data/customers/make-customers.ts';
import { writeCsv } from '../../src/core/data/csv/write-csv.ts';
import type { DemoOptions } from './options.ts';

/**
 * A later batch of customers to score and to compare with the study's: other sample customers of the same scenario
 * without their outcome, some of whom open e-mails less than before; for a person's own table, that table again.
 */
export async function writeSecondTable(options: DemoOptions, path: string): Promise<string> {
  if (options.data) {
    const copy = path.replace(
      /\.csv$/,
      options.data.replace(/^.*?((\.csv|\.tsv|\.txt)?(\.gz)?(\.parquet)?)$/i, '$1') || '.csv',
    );
    copyFileSync(options.data, copy);
    return copy;
  }
  const { scenario, seed } = options;
  const { frame, schema } = await makeCustomers({ scenario, customers: 5_000, seed: seed + 1_000_003 });
  const label = schema.label?.column;
  const columns = frame.columns
    .filter((column) => column.name !== label)
    .map((column) =>
      column.kind === 'number' && column.name === 'email_open_rate'
        ? { ...column, values: column.values.map((rate) => rate * 0.7) }
        : column,
    );
  writeFileSync(path, writeCsv({ rowCount: frame.rowCount, columns }));
  return path;
}
