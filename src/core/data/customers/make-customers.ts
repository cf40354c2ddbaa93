import { sigmoid } from '../../shared/exact-math.ts';
import type { Checkpoint } from '../../shared/checkpoint.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import { createRandom } from '../../shared/random.ts';
import type { Allocate, Column } from '../frame.ts';
import { allocatePlain, createFrame } from '../frame.ts';
import type { ColumnSchema } from '../schema.ts';
import type { Table } from '../table.ts';
import { findScenario } from './catalogue.ts';
import type { Scenario } from './scenario.ts';

export interface CustomerOptions {
  /** Id of a scenario in the catalogue. */
  readonly scenario: string;
  readonly customers: number;
  readonly seed: number;
  /** Share of customers who convert: 0.05 unless told. */
  readonly conversionRate?: number;
}

export interface MakeRun {
  readonly checkpoint?: Checkpoint;
  readonly allocate?: Allocate;
}

/** Rows of one block. Each block has random streams of its own, so that any thread can make any block. */
export const blockCustomers = 4096;

/** Sample customers with labels drawn from a known chance. The same options give the same bytes on every host. */
export async function makeCustomers(options: CustomerOptions, run: MakeRun = {}): Promise<Table> {
  const { checkpoint = noCheckpoint, allocate = allocatePlain } = run;
  const draft = allocateCustomers(options, allocate);
  const blocks = blockCount(options.customers);
  for (let block = 0; block < blocks; block++) {
    drawBlock(draft, block);
    await checkpoint({ fraction: (0.9 * (block + 1)) / blocks, stage: 'Making customers' });
  }
  const intercept = findIntercept(draft);
  for (let block = 0; block < blocks; block++) {
    labelBlock(draft, block, intercept);
    await checkpoint({ fraction: 0.9 + (0.1 * (block + 1)) / blocks, stage: 'Drawing who converts' });
  }
  return toTable(draft);
}

export function blockCount(customers: number): number {
  return Math.ceil(customers / blockCustomers);
}

/** Columns with their memory, to be filled block by block (by several threads at once where the memory is shared). */
export interface CustomersDraft {
  readonly scenario: Scenario;
  readonly options: Required<CustomerOptions>;
  readonly columns: readonly Column[];
  readonly labels: Int8Array;
  /** Log-odds without intercept after `drawBlock`; the chance of converting after `labelBlock`. */
  readonly chances: Float64Array;
}

export function allocateCustomers(options: CustomerOptions, allocate: Allocate): CustomersDraft {
  const { customers, seed, conversionRate = 0.05 } = options;
  if (!Number.isInteger(customers) || customers < 1 || customers > 10_000_000) {
    throw new StudioError('parameters.invalid', `${customers} customers cannot be made.`, {
      where: { field: 'customers' },
      fix: 'Give a whole number from 1 to 10,000,000.',
    });
  }
  if (!(conversionRate > 0 && conversionRate < 1)) {
    throw new StudioError('parameters.invalid', `A conversion rate of ${conversionRate} is not between 0 and 1.`, {
      where: { field: 'conversionRate' },
      fix: 'Give a share such as 0.05.',
    });
  }
  const scenario = findScenario(options.scenario);
  const bytes = (length: number) => allocate(length) as ArrayBuffer;
  const columns = scenario.schema.columns.map((column) => emptyColumn(column, customers, scenario, bytes));
  return {
    scenario,
    options: { scenario: options.scenario, customers, seed, conversionRate },
    columns,
    labels: new Int8Array(bytes(customers)),
    chances: new Float64Array(bytes(customers * 8)),
  };
}

function emptyColumn(
  schema: ColumnSchema,
  rows: number,
  scenario: Scenario,
  bytes: (length: number) => ArrayBuffer,
): Column {
  const { name } = schema;
  switch (schema.kind) {
    case 'number':
      return { kind: 'number', name, values: new Float64Array(bytes(rows * 8)) };
    case 'category':
      return { kind: 'category', name, codes: new Int32Array(bytes(rows * 4)), levels: schema.levels ?? [] };
    case 'date':
      return { kind: 'date', name, days: new Float64Array(bytes(rows * 8)) };
    case 'text': {
      const width = idWidth(scenario);
      return {
        kind: 'text',
        name,
        bytes: new Uint8Array(bytes(rows * width)),
        offsets: new Uint32Array(bytes((rows + 1) * 4)),
      };
    }
  }
}

/** Makes the customers of one block, and their log-odds without intercept. */
export function drawBlock(draft: CustomersDraft, block: number): void {
  const { scenario, columns, chances, options } = draft;
  const random = createRandom(options.seed, 2 * block);
  const from = block * blockCustomers;
  const to = Math.min(from + blockCustomers, options.customers);
  const label = scenario.schema.label.column;
  for (let row = from; row < to; row++) {
    const customer = scenario.draw(random);
    chances[row] = scenario.logOdds(customer);
    for (const column of columns) {
      if (column.kind === 'text') writeId(column, row, scenario);
      else if (column.name !== label) writeCell(column, row, customer[column.name] as number);
    }
  }
}

function writeCell(column: Exclude<Column, { kind: 'text' }>, row: number, value: number): void {
  if (column.kind === 'number') column.values[row] = value;
  else if (column.kind === 'date') column.days[row] = value;
  else column.codes[row] = Number.isNaN(value) ? -1 : value;
}

const idDigits = 7;

function idWidth(scenario: Scenario): number {
  return scenario.idPrefix.length + idDigits;
}

/** Ids count from 1: CUST_0000001. */
function writeId(column: Extract<Column, { kind: 'text' }>, row: number, scenario: Scenario): void {
  const width = idWidth(scenario);
  const at = row * width;
  for (let i = 0; i < scenario.idPrefix.length; i++) column.bytes[at + i] = scenario.idPrefix.charCodeAt(i);
  let left = row + 1;
  for (let i = width - 1; i >= scenario.idPrefix.length; i--) {
    column.bytes[at + i] = 48 + (left % 10);
    left = Math.floor(left / 10);
  }
  column.offsets[row + 1] = at + width;
}

/** Enough rows to find the intercept to well within the noise of the draw. */
const interceptRows = 65_536;

/** The intercept at which evenly spaced customers convert at the wanted rate on average, by bisection. */
export function findIntercept(draft: CustomersDraft): number {
  const { chances, options } = draft;
  const count = Math.min(options.customers, interceptRows);
  const logOdds = Float64Array.from(
    { length: count },
    (_, i) => chances[Math.floor((i * options.customers) / count)] as number,
  );
  let low = -40;
  let high = 40;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    let sum = 0;
    for (const each of logOdds) sum += sigmoid(each + middle);
    if (sum / count > options.conversionRate) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Turns the block's log-odds into chances and draws who converts. */
export function labelBlock(draft: CustomersDraft, block: number, intercept: number): void {
  const { chances, labels, options, columns, scenario } = draft;
  const random = createRandom(options.seed, 2 * block + 1);
  const { column: name, positive } = scenario.schema.label;
  const column = columns.find((each) => each.name === name) as Extract<Column, { kind: 'category' }>;
  const yes = column.levels.indexOf(positive);
  const from = block * blockCustomers;
  const to = Math.min(from + blockCustomers, options.customers);
  for (let row = from; row < to; row++) {
    const probability = sigmoid((chances[row] as number) + intercept);
    chances[row] = probability;
    const converted = random.next() < probability;
    labels[row] = converted ? 1 : 0;
    column.codes[row] = converted ? yes : 1 - yes;
  }
}

export function toTable(draft: CustomersDraft): Table {
  const { scenario, columns, labels, chances, options } = draft;
  return {
    frame: createFrame(columns, options.customers),
    schema: scenario.schema,
    labels,
    asOf: scenario.asOf,
    trueProbability: chances,
  };
}
