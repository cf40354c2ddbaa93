import type { ColumnSchema } from '../core/data/schema.ts';
import type { CustomerScore, Scorer } from '../core/scoring/scorer.ts';
import { StudioError } from '../core/shared/errors.ts';
import { errorsOf, type ScoreAll } from './answers.ts';
import { jsonReply, type Reply } from './exchange.ts';
import type { Lineup, ServedModel } from './lineup.ts';
import { refusal } from './problems.ts';

/**
 * The Open Inference Protocol, version 2 (KServe, Triton): one tensor per field of a customer, of shape [customers] or
 * [customers, 1]. A missing value is null.
 */
export const openInference = {
  server: (): Reply => jsonReply({ name: 'propensity-studio', version: '2', extensions: [] }),
  live: (): Reply => jsonReply({ live: true }),
  ready: (): Reply => jsonReply({ ready: true }),
  model: (lineup: Lineup, parameters: Parameters): Reply => {
    const found = find(lineup, parameters);
    if ('status' in found) return found;
    const { id, scorer } = found;
    return jsonReply({
      name: id,
      versions: [scorer.bundle.manifest.modelVersion],
      platform: 'propensity-studio',
      inputs: fieldsOf(scorer).map((column) => ({ name: column.name, datatype: datatypeOf(column), shape: [-1] })),
      outputs: outputs.map(({ name, datatype }) => ({ name, datatype, shape: [-1] })),
    });
  },
  modelReady: (lineup: Lineup, parameters: Parameters): Reply => {
    const found = find(lineup, parameters);
    return 'status' in found ? found : jsonReply({ name: found.id, ready: true });
  },
  async infer(lineup: Lineup, parameters: Parameters, body: unknown, scoreAll: ScoreAll): Promise<Reply> {
    const found = find(lineup, parameters);
    if ('status' in found) return found;
    const { id, scorer } = found;
    const { records, requestId, wanted } = readRequest(body);
    const { results, answers } = await scoreAll({ models: [{ id, scorer, share: 1 }] }, records);
    const errors = errorsOf(answers);
    if (errors.length > 0) {
      const told = errors.slice(0, 10).map(({ pointer, detail }) => `${pointer}: ${detail}`);
      throw new StudioError('request.invalid', `Customers cannot be scored. ${told.join(' ')}`);
    }
    const scores = results as readonly CustomerScore[];
    return jsonReply({
      model_name: id,
      model_version: scorer.bundle.manifest.modelVersion,
      ...(requestId === undefined ? {} : { id: requestId }),
      outputs: outputs
        .filter(({ name }) => !wanted || wanted.includes(name))
        .map(({ name, datatype }) => ({
          name,
          datatype,
          shape: [scores.length],
          data: scores.map((score) => score[name]),
        })),
    });
  },
};

type Parameters = Readonly<Record<string, string>>;

const outputs = [
  { name: 'propensity_score', datatype: 'FP64' },
  { name: 'risk_category', datatype: 'BYTES' },
  { name: 'confidence', datatype: 'FP64' },
  { name: 'conversion_probability', datatype: 'FP64' },
  { name: 'decile', datatype: 'INT32' },
] as const satisfies readonly { readonly name: keyof CustomerScore; readonly datatype: string }[];

const datatypes = /^(BOOL|U?INT(8|16|32|64)|FP(16|32|64)|BF16|BYTES)$/;

function find({ models }: Lineup, { model = '', version }: Parameters): ServedModel | Reply {
  const found = models.find(
    ({ id, scorer }) => id === model && (version === undefined || scorer.bundle.manifest.modelVersion === version),
  );
  if (found) return found;
  return refusal(
    404,
    `There is no model "${model.slice(0, 60)}"${version === undefined ? '' : ` of version "${version.slice(0, 60)}"`}; models are ${models.map(({ id }) => id).join(', ')}.`,
  );
}

function fieldsOf({ bundle, needed }: Scorer): readonly ColumnSchema[] {
  return bundle.schema.columns.filter(({ name }) => needed.has(name));
}

function datatypeOf({ kind, integer }: ColumnSchema): string {
  return kind === 'number' ? (integer ? 'INT64' : 'FP64') : 'BYTES';
}

function readRequest(body: unknown) {
  const { id, inputs, outputs: asked } = objectOf(body, 'The request');
  if (!Array.isArray(inputs) || inputs.length === 0) throw wrong('"inputs" is no list of tensors.');
  const fields = inputs.map((input: unknown) => {
    const { name, datatype, shape, data } = objectOf(input, 'A tensor');
    if (typeof name !== 'string') throw wrong('A tensor has no name.');
    if (typeof datatype !== 'string' || !datatypes.test(datatype)) throw wrong(`"${name}" has an unknown datatype.`);
    if (!Array.isArray(data)) throw wrong(`The data of "${name}" is no list; binary data is not taken.`);
    const [rows, width = 1, ...rest] = Array.isArray(shape) ? (shape as unknown[]) : [];
    if (rows !== data.length || width !== 1 || rest.length > 0) {
      throw wrong(`"${name}" has the shape ${JSON.stringify(shape)?.slice(0, 40)}, expected [${data.length}].`);
    }
    return { name, values: (data as unknown[]).map((value) => (Array.isArray(value) ? value[0] : value) as unknown) };
  });
  const [first] = fields;
  const rowCount = first?.values.length ?? 0;
  const uneven = fields.find(({ values }) => values.length !== rowCount);
  if (uneven) throw wrong(`"${uneven.name}" has ${uneven.values.length} customers, "${first?.name}" has ${rowCount}.`);
  if (new Set(fields.map(({ name }) => name)).size !== fields.length) throw wrong('A tensor comes twice.');
  const wanted = Array.isArray(asked) ? asked.map((each: unknown) => objectOf(each, 'An output').name) : undefined;
  const unknown = wanted?.find((name) => !outputs.some((output) => output.name === name));
  if (unknown !== undefined) throw wrong(`There is no output ${JSON.stringify(unknown)?.slice(0, 60)}.`);
  return {
    records: Array.from({ length: rowCount }, (_, row) =>
      Object.fromEntries(fields.map(({ name, values }) => [name, values[row]])),
    ),
    requestId: typeof id === 'string' ? id : undefined,
    wanted,
  };
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(`${what} is no object.`);
}

function wrong(message: string): StudioError {
  return new StudioError('request.invalid', message);
}
