import { expect, test } from 'vitest';
import type { Frame } from '../frame.ts';
import { allocatePlain, cellAt, columnLength, getColumn } from '../frame.ts';
import type { Table } from '../table.ts';
import { scenarioCatalogue } from './catalogue.ts';
import {
  allocateCustomers,
  blockCount,
  drawBlock,
  findIntercept,
  labelBlock,
  makeCustomers,
  toTable,
} from './make-customers.ts';
import { scenarioIds } from './scenario.ts';

function bytesOf(frame: Frame): string {
  return frame.columns
    .map((column) => {
      const data =
        column.kind === 'number'
          ? column.values
          : column.kind === 'date'
            ? column.days
            : column.kind === 'category'
              ? column.codes
              : column.bytes;
      return `${column.name}:${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
    })
    .join('\n');
}

function rateOf(table: Table): number {
  const labels = table.labels as Int8Array;
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}

test('the catalogue holds the four scenarios, the default first', () => {
  expect(scenarioCatalogue.map((scenario) => scenario.id)).toEqual([...scenarioIds]);
});

test('the same seed gives the same bytes, another seed others', async () => {
  const make = (seed: number) => makeCustomers({ scenario: 'ecommerce', customers: 6000, seed });
  const [first, again, other] = [await make(7), await make(7), await make(8)];
  expect(bytesOf(again.frame)).toBe(bytesOf(first.frame));
  expect(again.trueProbability).toEqual(first.trueProbability);
  expect(bytesOf(other.frame)).not.toBe(bytesOf(first.frame));
});

test('blocks made in any order, on shared memory, give the same bytes', async () => {
  const options = { scenario: 'ecommerce', customers: 9000, seed: 5 };
  const whole = await makeCustomers(options);
  const draft = allocateCustomers(options, (length) => new SharedArrayBuffer(length));
  const blocks = Array.from({ length: blockCount(9000) }, (_, block) => block).reverse();
  for (const block of blocks) drawBlock(draft, block);
  const intercept = findIntercept(draft);
  for (const block of blocks) labelBlock(draft, block, intercept);
  expect(bytesOf(toTable(draft).frame)).toBe(bytesOf(whole.frame));
});

test('a larger table begins with the customers of a smaller one', async () => {
  const small = await makeCustomers({ scenario: 'ecommerce', customers: 100, seed: 3 });
  const large = await makeCustomers({ scenario: 'ecommerce', customers: 5000, seed: 3 });
  for (const name of ['customer_id', 'age', 'signup_date', 'website_visits_30d']) {
    for (const row of [0, 50, 99]) {
      expect(cellAt(getColumn(large.frame, name), row)).toBe(cellAt(getColumn(small.frame, name), row));
    }
  }
});

test('five percent convert by default, and what is asked for otherwise', async () => {
  expect(
    Math.abs(rateOf(await makeCustomers({ scenario: 'ecommerce', customers: 50_000, seed: 42 })) - 0.05),
  ).toBeLessThan(0.003);
  const busy = await makeCustomers({ scenario: 'ecommerce', customers: 10_000, seed: 1, conversionRate: 0.2 });
  expect(Math.abs(rateOf(busy) - 0.2)).toBeLessThan(0.016);
});

test('a customer converts exactly as often as the true chance says', async () => {
  const table = await makeCustomers({ scenario: 'ecommerce', customers: 20_000, seed: 9 });
  const chances = table.trueProbability as Float64Array;
  const labels = table.labels as Int8Array;
  let expected = 0;
  let variance = 0;
  let seen = 0;
  chances.forEach((chance, row) => {
    if (chance < 0.15) return;
    expected += chance;
    variance += chance * (1 - chance);
    seen += labels[row] as number;
  });
  expect(expected).toBeGreaterThan(150);
  expect(Math.abs(seen - expected)).toBeLessThan(4 * Math.sqrt(variance));
});

test.each(scenarioCatalogue.map((scenario) => [scenario.id, scenario] as const))(
  '%s keeps to its schema',
  async (id, scenario) => {
    const table = await makeCustomers({ scenario: id, customers: 4000, seed: 2 });
    expect(table.frame.columns.map((column) => column.name)).toEqual(
      scenario.schema.columns.map((column) => column.name),
    );
    for (const schema of scenario.schema.columns) {
      const column = getColumn(table.frame, schema.name);
      expect(column.kind).toBe(schema.kind);
      for (let row = 0; row < columnLength(column); row++) {
        const cell = cellAt(column, row);
        const place = `${schema.name} in row ${row}: ${cell}`;
        if (cell === null) {
          if (!schema.optional) throw new Error(`${place} is missing`);
          continue;
        }
        if (typeof cell !== 'number') continue;
        if (cell < (schema.min ?? cell) || cell > (schema.max ?? cell)) throw new Error(`${place} is out of range`);
        if (schema.integer && !Number.isInteger(cell)) throw new Error(`${place} is not whole`);
      }
    }
  },
);

test.each(scenarioIds)(
  '%s dates nothing after the snapshot day, nor a purchase before signing up',
  async (scenario) => {
    const { frame, asOf } = await makeCustomers({ scenario, customers: 4000, seed: 4 });
    const dates = frame.columns.filter((column) => column.kind === 'date');
    for (const column of dates) for (const day of column.days) if (day > (asOf as number)) throw new Error(column.name);
    const start = dates[0] as { days: Float64Array };
    for (const column of dates.slice(1)) {
      if (column.name === 'last_contact_date') continue;
      const early = column.days.findIndex((day, row) => day < (start.days[row] as number));
      expect(early, `${scenario} ${column.name}`).toBe(-1);
    }
  },
);

test('engaged customers are engaged in several ways: columns go together', async () => {
  const { frame } = await makeCustomers({ scenario: 'ecommerce', customers: 5000, seed: 6 });
  const values = (name: string) => (getColumn(frame, name) as { values: Float64Array }).values;
  expect(
    correlation(
      values('email_open_rate'),
      values('website_visits_30d').map((v) => Math.min(v, 30)),
    ),
  ).toBeGreaterThan(0.2);
  expect(
    correlation(
      values('avg_order_value').map((v) => Math.min(v, 200)),
      values('discount_usage_rate'),
    ),
  ).toBeLessThan(-0.1);
});

test.each([
  ['no customers', { customers: 0 }],
  ['half a customer', { customers: 1.5 }],
  ['everybody converting', { conversionRate: 1 }],
  ['an unknown scenario', { scenario: 'lottery' }],
])('%s is refused', (_, wrong) => {
  const options = { scenario: 'ecommerce', customers: 10, seed: 1, ...wrong };
  expect(() => allocateCustomers(options, allocatePlain)).toThrow(
    expect.objectContaining({ code: 'parameters.invalid' }),
  );
});

function correlation(left: Float64Array, right: Float64Array): number {
  const rows = [...left.keys()].filter((row) => !Number.isNaN(left[row]) && !Number.isNaN(right[row]));
  const mean = (values: Float64Array) => rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
  const [a, b] = [mean(left), mean(right)];
  let both = 0;
  let first = 0;
  let second = 0;
  for (const row of rows) {
    const x = (left[row] as number) - a;
    const y = (right[row] as number) - b;
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return both / Math.sqrt(first * second);
}
