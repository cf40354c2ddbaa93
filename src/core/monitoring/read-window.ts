import type { CalibrationPoint } from '../evaluation/calibration/calibration-curve.ts';
import { StudioError } from '../shared/errors.ts';
import type { NumberSketch, ReferenceFeature, ReferenceNumber } from './binning.ts';
import type { StoredPerformance } from './performance/stored.ts';
import type { FeatureStructure, StructureFeature } from './reconstruction.ts';
import type { ScoreSketch } from './score-sketch.ts';
import type { ReferenceWindow } from './window.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads a reference window from a bundle; anything malformed is refused with `bundle.format`, saying where. */
export function readReferenceWindow(json: unknown): ReferenceWindow {
  const fields = object(json, 'referenceWindow');
  if (fields.version !== 1) throw malformed('version', `is ${JSON.stringify(fields.version)}, expected 1`);
  const rowCount = fields.rowCount;
  if (!isCount(rowCount) || rowCount === 0) throw malformed('rowCount', 'is not a whole number above 0');
  if (!Array.isArray(fields.features)) throw malformed('features', 'is not a list');
  return {
    version: 1,
    rowCount,
    features: fields.features.map((feature, i) => readFeature(feature, `features[${i}]`)),
    score: readNumber(object(fields.score, 'score'), 'score'),
    ...(fields.performance === undefined ? {} : { performance: readPerformance(fields.performance) }),
    ...(fields.structure === undefined ? {} : { structure: readStructure(fields.structure) }),
    ...(fields.scores === undefined ? {} : { scores: readScores(fields.scores) }),
  };
}

function readPerformance(json: unknown): StoredPerformance {
  const { rows, conversions, cut, metrics, curve } = object(json, 'performance');
  if (!isCount(rows) || !isCount(conversions)) throw malformed('performance', 'has no whole rows and conversions');
  const figures = Object.entries(object(metrics, 'performance.metrics')).map(([metric, each]) => {
    const { value, standardError } = object(each, `performance.metrics.${metric}`);
    return [metric, { value: number(value, `${metric}.value`), standardError: number(standardError, metric) }];
  });
  if (!Array.isArray(curve)) throw malformed('performance.curve', 'is not a list');
  return {
    rows,
    conversions,
    cut: number(cut, 'performance.cut'),
    metrics: Object.fromEntries(figures),
    curve: curve.map((each, i) => readCalibrationPoint(each, `performance.curve[${i}]`)),
  };
}

function readCalibrationPoint(json: unknown, at: string): CalibrationPoint {
  const { customers, predicted, observed, low, high } = object(json, at);
  return {
    customers: number(customers, at),
    predicted: number(predicted, at),
    observed: number(observed, at),
    low: number(low, at),
    high: number(high, at),
  };
}

function readScores(json: unknown): ScoreSketch {
  const { propensity, probability } = object(json, 'scores');
  const read = { propensity: numbers(propensity, 'scores.propensity'), probability: numbers(probability, 'scores') };
  if (read.propensity.length !== read.probability.length) throw malformed('scores', 'are of different lengths');
  return read;
}

function readStructure(json: unknown): FeatureStructure {
  const { features, components, reference } = object(json, 'structure');
  if (!Array.isArray(features) || !Array.isArray(components)) throw malformed('structure', 'has no lists');
  const error = object(reference, 'structure.reference');
  return {
    features: features.map((each, i) => readStructureFeature(each, `structure.features[${i}]`)),
    components: components.map((each, i) => {
      const component = numbers(each, `structure.components[${i}]`);
      if (component.length !== features.length) throw malformed(`structure.components[${i}]`, 'is of another length');
      return component;
    }),
    reference: {
      mean: number(error.mean, 'structure.reference.mean'),
      deviation: number(error.deviation, 'structure.reference.deviation'),
      rowCount: number(error.rowCount, 'structure.reference.rowCount'),
    },
  };
}

function readStructureFeature(json: unknown, at: string): StructureFeature {
  const fields = object(json, at);
  const read = {
    name: name(fields, at),
    filler: number(fields.filler, `${at}.filler`),
    mean: number(fields.mean, `${at}.mean`),
    deviation: number(fields.deviation, `${at}.deviation`),
  };
  if (fields.levels === undefined) return read;
  const { levels } = fields;
  const shares = numbers(fields.shares, `${at}.shares`);
  if (!isTexts(levels) || levels.length !== shares.length) throw malformed(`${at}.levels`, 'does not fit its shares');
  return { ...read, levels, shares };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function number(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(at, 'is not a finite number');
  return value;
}

function numbers(value: unknown, at: string): number[] {
  if (!Array.isArray(value)) throw malformed(at, 'is not a list');
  return value.map((each) => number(each, at));
}

function readFeature(json: unknown, at: string): ReferenceFeature {
  const fields = object(json, at);
  if (fields.kind === 'number') return readNumber(fields, at);
  if (fields.kind !== 'category') throw malformed(`${at}.kind`, `is ${JSON.stringify(fields.kind)}`);
  const { levels } = fields;
  if (!isTexts(levels)) throw malformed(`${at}.levels`, 'is not a list of texts');
  return { kind: 'category', name: name(fields, at), levels, counts: counts(fields, at, levels.length + 2) };
}

function readNumber(fields: Fields, at: string): ReferenceNumber {
  if (fields.kind !== 'number') throw malformed(`${at}.kind`, `is ${JSON.stringify(fields.kind)}, expected "number"`);
  const { edges } = fields;
  const rising = (value: unknown, i: number, all: readonly unknown[]): boolean =>
    Number.isFinite(value) && (i === 0 || (value as number) > (all[i - 1] as number));
  if (!Array.isArray(edges) || !edges.every(rising)) throw malformed(`${at}.edges`, 'is not a list of rising numbers');
  const read = { kind: 'number', name: name(fields, at), edges, counts: counts(fields, at, edges.length + 2) } as const;
  return fields.sketch === undefined ? read : { ...read, sketch: readSketch(fields.sketch, `${at}.sketch`) };
}

function readSketch(json: unknown, at: string): NumberSketch {
  const { quantiles, deviation } = object(json, at);
  const rising = (value: unknown, i: number, all: readonly unknown[]): boolean =>
    Number.isFinite(value) && (i === 0 || (value as number) >= (all[i - 1] as number));
  if (!Array.isArray(quantiles) || !quantiles.every(rising)) {
    throw malformed(`${at}.quantiles`, 'is not a list of numbers, none below the one before');
  }
  if (typeof deviation !== 'number' || !(deviation >= 0)) throw malformed(`${at}.deviation`, 'is not a number from 0');
  return { quantiles, deviation };
}

function object(json: unknown, at: string): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed(at, 'is not an object');
  return json as Fields;
}

function name(fields: Fields, at: string): string {
  if (typeof fields.name !== 'string') throw malformed(`${at}.name`, 'is not a text');
  return fields.name;
}

function counts(fields: Fields, at: string, length: number): readonly number[] {
  const values = fields.counts;
  if (!Array.isArray(values) || values.length !== length || !values.every(isCount)) {
    throw malformed(`${at}.counts`, `is not a list of ${length} whole numbers`);
  }
  return values;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(field: string, what: string): StudioError {
  return new StudioError('bundle.format', `The reference window is malformed: ${field} ${what}.`, { where: { field } });
}
