import type { BinaryOperator, Comparison, Template } from './expression.ts';

/** Short constructors for templates, so that a family reads like a list. */
export type Operand = Template | number;

const node = (operand: Operand): Template =>
  typeof operand === 'number' ? { op: 'constant', value: operand } : operand;
const binary =
  (op: BinaryOperator) =>
  (left: Operand, right: Operand): Template => ({ op, left: node(left), right: node(right) });

export const column = (name: string): Template => ({ op: 'column', name });
export const feature = (name: string): Template => ({ op: 'feature', name });
export const daysBefore = (name: string): Template => ({ op: 'daysBefore', column: name });
export const isLevel = (name: string, ...levels: string[]): Template => ({ op: 'isLevel', column: name, levels });
/** 0, 1, 2 … along the levels, lowest first. */
export const ordinal = (name: string, ...levels: string[]): Template => ({
  op: 'levelValue',
  column: name,
  levels,
  values: levels.map((_, place) => place),
});

export const add = (...of: Operand[]): Template => ({ op: 'add', of: of.map(node) });
export const multiply = (...of: Operand[]): Template => ({ op: 'multiply', of: of.map(node) });
export const mean = (...of: Operand[]): Template => ({ op: 'mean', of: of.map(node) });
export const most = (...of: Operand[]): Template => ({ op: 'maximum', of: of.map(node) });
export const all = (...of: Template[]): Template => ({ op: 'and', of });
export const subtract = binary('subtract');
export const divide = binary('divide');
export const log1p = (of: Template): Template => ({ op: 'log1p', of });
export const isMissing = (of: Template): Template => ({ op: 'isMissing', of });
export const clip = (of: Template, low: number, high: number): Template => ({ op: 'clip', of, low, high });
export const orElse = (of: Template, value: number | 'median'): Template => ({
  op: 'fillMissing',
  of,
  value: value === 'median' ? { learn: 'median' } : value,
});

export const compare = (left: Operand, by: Comparison, right: Operand): Template => ({
  op: 'compare',
  by,
  left: node(left),
  right: node(right),
});

/** Index of the first case that holds; the number of cases if none does. */
export const firstOf = (...cases: Template[]): Template =>
  cases.reduceRight<Template>(
    (otherwise, when, place) => ({ op: 'if', when, then: node(place), otherwise }),
    node(cases.length),
  );

/** Index of the bin between these edges; a value on an edge belongs above it. */
export const bin = (of: Template, ...edges: number[]): Template => ({ op: 'bin', of, edges });

const fifths: readonly number[] = [0.2, 0.4, 0.6, 0.8];
/** 1 for the lowest fifth of training customers to 5 for the highest. */
export const score = (of: Template): Template => add({ op: 'bin', of, edges: { learn: 'quantiles', at: fifths } }, 1);
/** 5 for the lowest fifth to 1 for the highest. */
export const reverseScore = (of: Template): Template =>
  subtract(5, { op: 'bin', of, edges: { learn: 'quantiles', at: fifths } });

const twentieths: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 20);
/** Rank among training customers, 0 to 1. */
export const rank = (of: Template): Template => ({
  op: 'percentile',
  of,
  quantiles: { learn: 'quantiles', at: twentieths },
});
/** Index of the quarter of training customers that the value falls into. */
export const quarter = (of: Template): Template => ({
  op: 'bin',
  of,
  edges: { learn: 'quantiles', at: [0.25, 0.5, 0.75] },
});
