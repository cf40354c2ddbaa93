/**
 * Builds a table of customers with six RFM columns from the order lines of the UCI "Online Retail" data set (Chen 2015,
 * CC BY 4.0): history before a snapshot day, and whether the customer buys again within 90 days.
 *
 *   npx tsx scripts/build-rfm-table.ts online_retail.csv.gz rfm.csv [--as-of 2011-09-09] [--days 90]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openTableFile } from '../src/adapters/any/table-file.ts';
import { writeCsv } from '../src/core/data/csv/write-csv.ts';
import { parseDay } from '../src/core/data/dates.ts';
import { createFrame, type Frame, getColumn, type NumberColumn } from '../src/core/data/frame.ts';

interface History {
  first: number;
  last: number;
  /** Distinct times of purchase: the file has no invoice numbers. */
  readonly purchases: Set<number>;
  spent: number;
  items: number;
  buysAgain: boolean;
}

/**
 * One row per customer with an order line before the snapshot day. Returns (negative quantities) are order lines too: they
 * lower the amount spent and the items kept.
 */
export function buildRfmTable(lines: Frame, asOf: number, horizonDays: number): Frame {
  const customer = numbers(lines, 'CustomerID');
  const quantity = numbers(lines, 'Quantity');
  const price = numbers(lines, 'UnitPrice');
  const time = getColumn(lines, 'InvoiceDate');
  if (time.kind !== 'date') throw new Error('Column "InvoiceDate" holds no dates.');
  const histories = new Map<number, History>();
  for (let row = 0; row < lines.rowCount; row++) {
    const day = time.days[row] as number;
    const count = quantity[row] as number;
    if (Number.isNaN(customer[row]) || !(day < asOf)) continue;
    const history = histories.get(customer[row] as number);
    const known = history ?? {
      first: day,
      last: day,
      purchases: new Set<number>(),
      spent: 0,
      items: 0,
      buysAgain: false,
    };
    if (!history) histories.set(customer[row] as number, known);
    known.spent += count * (price[row] as number);
    known.items += count;
    known.purchases.add(day);
    known.first = Math.min(known.first, day);
    known.last = Math.max(known.last, day);
  }
  for (let row = 0; row < lines.rowCount; row++) {
    const day = time.days[row] as number;
    const history = histories.get(customer[row] as number);
    if (history && day >= asOf && day < asOf + horizonDays) history.buysAgain = true;
  }
  const buyers = [...histories].sort(([a], [b]) => a - b);
  const column = (name: string, value: (history: History, id: number) => number): NumberColumn => ({
    kind: 'number',
    name,
    values: Float64Array.from(buyers, ([id, history]) => value(history, id)),
  });
  const cents = (amount: number) => Math.round(amount * 100) / 100;
  return createFrame([
    column('customer_id', (_, id) => id),
    column('recency_days', (history) => Math.floor(asOf - history.last)),
    column('frequency', (history) => history.purchases.size),
    column('monetary', (history) => cents(history.spent)),
    column('tenure_days', (history) => Math.floor(asOf - history.first)),
    column('average_order_value', (history) => cents(history.spent / history.purchases.size)),
    column('items', (history) => history.items),
    column('buys_again', (history) => (history.buysAgain ? 1 : 0)),
  ]);
}

function numbers(frame: Frame, name: string): Float64Array {
  const column = getColumn(frame, name);
  if (column.kind !== 'number') throw new Error(`Column "${name}" holds no numbers.`);
  return column.values;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'as-of': { type: 'string', default: '2011-09-09' }, days: { type: 'string', default: '90' } },
  });
  const [source, target] = positionals;
  if (!source || !target) throw new Error('Usage: npx tsx scripts/build-rfm-table.ts online_retail.csv.gz rfm.csv');
  const { frame } = await openTableFile(new Blob([readFileSync(source)]), source);
  const table = buildRfmTable(frame, parseDay(values['as-of']), Number(values.days));
  writeFileSync(target, writeCsv(table));
  const rate = numbers(table, 'buys_again').reduce((sum, each) => sum + each, 0) / table.rowCount;
  console.log(`${target}: ${table.rowCount} customers, ${(rate * 100).toFixed(1)} % buy again`);
}

if (process.argv[1]?.endsWith('build-rfm-table.ts')) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
