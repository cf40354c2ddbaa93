import { formatDay } from '../core/data/frame.ts';
import type { ColumnSchema } from '../core/data/schema.ts';
import { explanationUnits } from '../core/explanation/units.ts';
import { bandNames } from '../core/scoring/cutoffs.ts';
import type { Scorer } from '../core/scoring/scorer.ts';
import { reasonLimit } from './lineup.ts';
import { type Route, routes } from './routes.ts';

type Json = { readonly [name: string]: unknown };

const share = { type: 'number', minimum: 0, maximum: 1 };

/** The API as OpenAPI 3.1. A customer's fields are those of the model that answers, or any where there is none yet. */
export function openApi(scorer: Scorer | undefined, needsKey: boolean): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Propensity Studio',
      version: scorer?.bundle.manifest.modelVersion ?? 'no model',
      description: 'Scores customers for their propensity to convert. Errors are problem documents (RFC 9457).',
    },
    paths: Object.fromEntries(
      [...new Set(routes.map(({ path }) => path))].map((path) => [
        templated(path),
        Object.fromEntries(
          routes.filter((route) => route.path === path).map((route) => [route.method.toLowerCase(), operation(route)]),
        ),
      ]),
    ),
    components: {
      schemas: {
        Customer: customerSchema(scorer),
        Score: scoreSchema,
        FieldProblem: fieldProblem,
        Problem: problemSchema,
      },
      ...(needsKey ? { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } } : {}),
    },
    ...(needsKey ? { security: [{ key: [] }] } : {}),
  };
}

function operation(route: Route): Json {
  const { name, summary, takes, gives, scope } = route;
  return {
    // One name may answer a model with and without its version.
    operationId: route.path.includes('/versions/') ? `${name}Version` : name,
    summary,
    ...(scope === 'open' ? { security: [] } : {}),
    parameters: [
      ...[...route.path.matchAll(/:(\w+)/g)].map(([, part]) => ({
        name: part,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...(queryParameters[name] ?? []),
    ],
    ...(takes ? { requestBody: { required: true, content: contentOf(takes, (type) => bodySchema(name, type)) } } : {}),
    responses: {
      200: { description: 'The answer.', content: contentOf(gives, (type) => answerSchema(name, type)) },
      default: {
        description: 'What is wrong, and how to mend it.',
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    },
  };
}

/** A path as OpenAPI writes it: /v2/models/{model}. */
export function templated(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

const reasonsParameter = {
  name: 'reasons',
  in: 'query',
  description: 'Up to so many reasons for, and so many against.',
  schema: { type: 'integer', minimum: 0, maximum: reasonLimit, default: 0 },
};

const queryParameters: Partial<Readonly<Record<Route['name'], readonly Json[]>>> = {
  predict: [reasonsParameter],
  batch: [
    {
      name: 'on_error',
      in: 'query',
      description: 'What an unusable customer in a JSON array does: refuse the array, or fail alone.',
      schema: { enum: ['whole', 'row'], default: 'whole' },
    },
    reasonsParameter,
  ],
  explain: [
    {
      name: 'unit',
      in: 'query',
      description: 'The number to explain.',
      schema: { enum: explanationUnits, default: 'probability' },
    },
    reasonsParameter,
  ],
};

function contentOf(types: readonly string[], schemaOf: (type: string) => Json): Json {
  return Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }]));
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function bodySchema(name: Route['name'], type: string): Json {
  if (name === 'predict' || name === 'explain') return reference('Customer');
  if (name === 'v2Infer' || name === 'invocations') return { type: type === 'text/csv' ? 'string' : 'object' };
  if (name === 'reload') {
    return {
      type: 'object',
      properties: {
        model: { type: 'string', description: 'Id of the model, as GET /models lists it.' },
        allow_schema_change: { type: 'boolean', default: false },
      },
      additionalProperties: false,
    };
  }
  return manyOf('Customer', type);
}

function answerSchema(name: Route['name'], type: string): Json {
  if (name === 'predict') return reference('Score');
  if (name === 'batch') return manyOf('Score', type);
  return type === 'application/json' ? { type: 'object' } : { type: 'string' };
}

function manyOf(name: string, type: string): Json {
  if (type === 'application/json') return { type: 'array', items: reference(name) };
  return { type: 'string', description: `One ${name} per ${type === 'text/csv' ? 'row, with a header' : 'line'}.` };
}

function customerSchema(scorer: Scorer | undefined): Json {
  if (!scorer) return { type: 'object' };
  const { bundle, needed } = scorer;
  const columns = bundle.schema.columns.filter((column) => needed.has(column.name));
  const day = bundle.asOf === undefined ? '' : `; ${formatDay(bundle.asOf)} unless given`;
  return {
    type: 'object',
    description: bundle.schema.name,
    properties: {
      customer_id: { type: ['string', 'number', 'null'], description: 'Comes back as it was sent' },
      as_of: { type: ['string', 'null'], format: 'date', description: `The day to score the customer at${day}` },
      ...Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
    },
    required: columns.filter((column) => !column.optional).map((column) => column.name),
    // An unknown field is noted in the answer and otherwise ignored.
    additionalProperties: true,
  };
}

/** Ranges and levels are told, not asked: a value outside is scored and noted. */
function columnSchema(column: ColumnSchema): Json {
  const { kind, integer, optional, description, unit, min, max, levels } = column;
  const type = kind === 'number' ? (integer ? 'integer' : 'number') : 'string';
  const range = min === undefined && max === undefined ? [] : [`usually ${min ?? '−∞'} to ${max ?? '∞'}`];
  return {
    type: optional ? [type, 'null'] : type,
    ...(kind === 'date' ? { format: 'date' } : {}),
    description: [description, ...(unit ? [unit] : []), ...range].join(', '),
    ...(levels && levels.length > 0 ? { examples: levels.slice(0, 50) } : {}),
  };
}

const fieldProblem = {
  type: 'object',
  properties: {
    pointer: { type: 'string', description: 'JSON pointer to the field in what was sent; "" is all of it.' },
    detail: { type: 'string' },
  },
  required: ['pointer', 'detail'],
};

const reasonSchema = {
  type: 'object',
  properties: {
    column: { type: 'string' },
    direction: { enum: ['for', 'against'] },
    contribution: { type: 'number', description: 'What it adds to the conversion probability.' },
    changeable: { type: ['boolean', 'null'] },
    stability: { type: ['number', 'null'], description: 'Share of refits that name it too.' },
    words: { type: 'string' },
  },
};

const scoreSchema = {
  type: 'object',
  properties: {
    customer_id: { type: ['string', 'null'] },
    propensity_score: { ...share, description: 'For ranking and bands: from a class-balanced model.' },
    risk_category: { enum: bandNames, description: 'The band of the propensity score.' },
    confidence: {
      type: ['number', 'null'],
      minimum: 0,
      maximum: 1,
      description: 'How sure the band is; never the chance of buying.',
    },
    conversion_probability: { ...share, description: 'Calibrated: the share of such customers who convert.' },
    conversion_probability_low: {
      type: ['number', 'null'],
      description: '90 % interval of the conversion rate of customers scored like this one.',
    },
    conversion_probability_high: { type: ['number', 'null'] },
    decile: { type: ['integer', 'null'], minimum: 1, maximum: 10, description: '1 is the most likely tenth.' },
    model_version: { type: 'string' },
    as_of: { type: ['string', 'null'], format: 'date' },
    reasons: { type: 'array', items: reasonSchema, description: 'Where asked for, the largest first.' },
    reasons_note: { type: 'string', description: 'What reasons are not; to be shown with them.' },
    findings: {
      type: 'array',
      items: reference('FieldProblem'),
      description: 'Fields treated in a way worth knowing.',
    },
  },
  required: [
    'customer_id',
    'propensity_score',
    'risk_category',
    'confidence',
    'conversion_probability',
    'model_version',
  ],
};

const problemSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    fix: { type: 'string' },
    errors: { type: 'array', items: reference('FieldProblem') },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};
