import { StudioError } from '../core/shared/errors.ts';
import { errorsOf, type ScoreAll } from './answers.ts';
import { type CustomerRow, csvRows } from './customer-rows.ts';
import { type ApiRequest, jsonReply, type Reply } from './exchange.ts';
import type { Lineup } from './lineup.ts';
import { bodyChunks, bodyType, readJsonBody } from './request-body.ts';

/**
 * MLflow's POST /invocations: `dataframe_split`, `dataframe_records`, `instances` (a list of customers) or `inputs` (a list
 * per field) in JSON, or CSV with a header. The answer is {"predictions": [one score per customer]}.
 */
export async function invocations(
  request: ApiRequest,
  lineup: Lineup,
  scoreAll: ScoreAll,
  limits: { readonly arrayBytes: number; readonly arrayCustomers: number },
): Promise<Reply> {
  const type = bodyType(request, ['application/json', 'text/csv']);
  const records =
    type === 'text/csv'
      ? await recordsOfCsv(csvRows(bodyChunks(request, limits.arrayBytes), lineup.models[0].scorer))
      : recordsOf(await readJsonBody(request, limits.arrayBytes));
  if (records.length > limits.arrayCustomers) {
    throw new StudioError('request.too-large', `${records.length} customers, more than ${limits.arrayCustomers}.`);
  }
  const { answers } = await scoreAll(lineup, records);
  const errors = errorsOf(answers);
  if (errors.length > 0) {
    const told = errors.slice(0, 10).map(({ pointer, detail }) => `${pointer}: ${detail}`);
    throw new StudioError('request.invalid', `Customers cannot be scored. ${told.join(' ')}`);
  }
  return jsonReply({ predictions: answers });
}

async function recordsOfCsv(rows: AsyncIterable<CustomerRow>): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const row of rows) {
    if ('problem' in row) throw new StudioError('request.invalid', row.problem);
    records.push(row.record);
  }
  return records;
}

const forms = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

function recordsOf(body: unknown): readonly unknown[] {
  const fields = objectOf(body, 'The request');
  const given = forms.filter((form) => Object.hasOwn(fields, form));
  const [form] = given;
  if (!form || given.length !== 1) throw wrong(`Expected exactly one of ${forms.join(', ')}.`);
  const value = fields[form];
  if (form === 'dataframe_split') return recordsOfSplit(objectOf(value, form));
  if (form === 'inputs' && !Array.isArray(value)) return recordsOfColumns(objectOf(value, form));
  if (!Array.isArray(value)) throw wrong(`"${form}" is no list of customers.`);
  return value;
}

function recordsOfSplit({ columns, data }: Fields): Fields[] {
  if (!isTexts(columns) || new Set(columns).size !== columns.length) throw wrong('"columns" is no list of names.');
  if (!Array.isArray(data)) throw wrong('"data" is no list of rows.');
  return data.map((row: unknown, i) => {
    if (!Array.isArray(row) || row.length !== columns.length) {
      throw wrong(`Row ${i} of "data" has not ${columns.length} values.`);
    }
    return Object.fromEntries(columns.map((name, k) => [name, row[k] as unknown]));
  });
}

function recordsOfColumns(columns: Fields): Fields[] {
  const entries = Object.entries(columns).map(([name, values]) => {
    if (!Array.isArray(values)) throw wrong(`"${name}" is no list of values.`);
    return [name, values as unknown[]] as const;
  });
  const rowCount = entries[0]?.[1].length ?? 0;
  if (entries.some(([, values]) => values.length !== rowCount)) throw wrong('The lists of "inputs" are uneven.');
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(entries.map(([name, values]) => [name, values[row]])),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function objectOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(`${what} is no object.`);
}

function wrong(message: string): StudioError {
  return new StudioError('request.invalid', message);
}
