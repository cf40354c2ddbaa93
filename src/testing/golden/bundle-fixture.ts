import { type Frame, createFrame, createTextColumn } from '../../core/data/frame.ts';
import type { TableSchema } from '../../core/data/schema.ts';
import { applyRecipeNow } from '../../core/features/apply.ts';
import type { FittedRecipe } from '../../core/features/fitted-recipe.ts';
import type { BoostingModel } from '../../core/models/boosting/boosting-model.ts';
import { fitEncoding } from '../../core/models/encoding.ts';
import type { Model, ModelKind } from '../../core/models/model.ts';
import { defaultParameters } from '../../core/models/parameter-check.ts';
import { modelEntry } from '../../core/models/catalogue.ts';
import { type Bundle, createBundle } from '../../core/scoring/bundle.ts';
import { createRandom } from '../../core/shared/random.ts';

/** 2024-06-30. */
export const snapshotDay = 19_904;

export const tinySchema: TableSchema = {
  name: 'Tiny shop',
  columns: [
    { name: 'id', description: 'Customer number', kind: 'text', role: 'id' },
    { name: 'age', description: 'Age', kind: 'number', role: 'feature', unit: 'years', integer: true, min: 18, max: 100 },
    { name: 'visits', description: 'Visits', kind: 'number', role: 'feature', min: 0, optional: true },
    {
      name: 'region',
      description: 'Region',
      kind: 'category',
      role: 'feature',
      levels: ['north', 'south', 'west'],
      optional: true,
    },
    { name: 'joined', description: 'Day of the first purchase', kind: 'date', role: 'date', optional: true },
    { name: 'bought', description: 'Bought within 30 days', kind: 'category', role: 'label', levels: ['no', 'yes'] },
  ],
  label: { column: 'bought', positive: 'yes' },
};

export const tinyRecipe: FittedRecipe = {
  version: 1,
  features: [
    {
      name: 'age',
      description: 'Age',
      family: 'Raw',
      unit: 'years',
      kind: 'number',
      columns: ['age'],
      expression: { op: 'column', name: 'age' },
    },
    {
      name: 'log_visits',
      description: 'Visits, logarithm',
      family: 'Raw',
      unit: 'log',
      kind: 'number',
      columns: ['visits'],
      expression: { op: 'log1p', of: { op: 'column', name: 'visits' } },
    },
    {
      name: 'region',
      description: 'Region',
      family: 'Raw',
      unit: '',
      kind: 'category',
      levels: ['north', 'south', 'west'],
      columns: ['region'],
      expression: { op: 'category', column: 'region', table: { levels: ['north', 'south', 'west'], rare: [] } },
    },
    {
      name: 'tenure',
      description: 'Days since the first purchase',
      family: 'Dates',
      unit: 'days',
      kind: 'number',
      columns: ['joined'],
      expression: { op: 'daysBefore', column: 'joined' },
    },
  ],
};

/** Customers with missing values here and there. */
export function tinyCustomers(rowCount: number, seed = 1): Frame {
  const random = createRandom(seed);
  const often = (value: () => number, missing: number): Float64Array =>
    Float64Array.from({ length: rowCount }, () => (random.next() < missing ? Number.NaN : value()));
  return createFrame([
    createTextColumn(
      'id',
      Array.from({ length: rowCount }, (_, row) => `C${row}`),
    ),
    { kind: 'number', name: 'age', values: often(() => 18 + random.integer(60), 0) },
    { kind: 'number', name: 'visits', values: often(() => random.integer(400) / 7, 0.2) },
    {
      kind: 'category',
      name: 'region',
      codes: Int32Array.from({ length: rowCount }, () => random.integer(4) - 1),
      levels: ['north', 'south', 'west'],
    },
    { kind: 'date', name: 'joined', days: often(() => 18_000 + random.integer(1900), 0.1) },
  ]);
}

/** A small bundle around a hand-made model of the kind. */
export function tinyBundle(kind: ModelKind): Bundle {
  return createBundle(
    { name: 'Tiny', createdFrom: '500 customers' },
    {
      schema: tinySchema,
      recipe: tinyRecipe,
      model: tinyModel(kind),
      calibrator: { kind: 'platt', slope: 0.9, intercept: -2.1 },
      cutoffs: { high: 0.7, medium: 0.4, cut: 0.55 },
      settings: { valuePerConversion: 40, costPerContact: 1.5, currency: 'EUR' },
      confidence: { refits: 10, edges: [0.4, 0.7], distances: [0.01, 0.1, 0.3], shares: [0.5, 0.8, 1] },
      asOf: snapshotDay,
      referenceWindow: { version: 1, rows: 500 },
    },
  );
}

function tinyModel(kind: ModelKind): Model {
  const features = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(500), asOf: snapshotDay });
  const encoding = fitEncoding(features, Uint32Array.from({ length: 500 }, (_, row) => row));
  const parameters = defaultParameters(modelEntry(kind).parameters);
  const random = createRandom(9);
  const normals = (count: number): number[] => Array.from({ length: count }, () => random.normal());
  switch (kind) {
    case 'logistic':
      return {
        kind,
        encoding,
        intercept: 0.25,
        coefficients: Float64Array.from(normals(encoding.width)),
        inputMeans: new Float64Array(encoding.width).fill(0.1),
        inputScales: new Float64Array(encoding.width).fill(1),
        parameters,
      };
    case 'neural':
      return {
        kind,
        encoding,
        clip: 5,
        sensitivity: new Float32Array(encoding.width).fill(1),
        activation: 'relu',
        layers: [
          {
            inputs: encoding.width,
            units: 4,
            weights: Float32Array.from(normals(encoding.width * 4)),
            biases: Float32Array.from(normals(4)),
          },
          { inputs: 4, units: 1, weights: Float32Array.from(normals(4)), biases: Float32Array.of(0.1) },
        ],
        parameters,
      };
    case 'boosting':
      return { ...tinyTrees, parameters };
  }
}

/** Two trees: visits with missing values, then age and region. */
const tinyTrees: Omit<BoostingModel, 'parameters'> = {
  kind: 'boosting',
  features: [
    { name: 'age', kind: 'number', info: '[18:77]' },
    { name: 'log_visits', kind: 'number', info: '[0:4.1]' },
    { name: 'region', kind: 'category', levels: ['north', 'south', 'west'], info: '-1:1:2:3' },
    { name: 'tenure', kind: 'number', info: '[5:1904]' },
  ],
  trees: [
    {
      leafCount: 3,
      splitFeature: Int32Array.of(1, 3),
      threshold: Float64Array.of(2.5000000000000004, 700.5),
      decisionType: Uint8Array.of(10, 8),
      leftChild: Int32Array.of(1, -1),
      rightChild: Int32Array.of(-2, -3),
      splitGain: Float64Array.of(9, 4),
      leafValue: Float64Array.of(-0.9, 0.8, -0.1),
      leafWeight: Float64Array.of(60, 50, 15),
      leafCountRows: Int32Array.of(240, 200, 60),
      internalValue: Float64Array.of(-0.1, -0.7),
      internalWeight: Float64Array.of(125, 75),
      internalCount: Int32Array.of(500, 300),
      catBoundaries: new Int32Array(0),
      catThreshold: new Uint32Array(0),
      shrinkage: 1,
    },
    {
      leafCount: 3,
      splitFeature: Int32Array.of(2, 0),
      threshold: Float64Array.of(0, 41.5),
      decisionType: Uint8Array.of(1, 8),
      leftChild: Int32Array.of(1, -1),
      rightChild: Int32Array.of(-2, -3),
      splitGain: Float64Array.of(5, 2),
      leafValue: Float64Array.of(0.7, -0.25, 1 / 3),
      leafWeight: Float64Array.of(40, 60, 25),
      leafCountRows: Int32Array.of(160, 240, 100),
      internalValue: Float64Array.of(0.1, 0.5),
      internalWeight: Float64Array.of(125, 65),
      internalCount: Int32Array.of(500, 260),
      catBoundaries: Int32Array.of(0, 1),
      catThreshold: Uint32Array.of(0b1010),
      shrinkage: 0.1,
    },
  ],
};
