/**
 * The closed set of operators a feature is made of (decision 2). Plain JSON: one interpreter runs it (evaluate.ts), a
 * printer can turn it into SQL, and the exported scorer walks the same tree.
 *
 * Every node yields one number per row; missing is NaN. Truth is 1, 0 or missing; a category is the index of its level.
 * Missing follows SQL: arithmetic and comparison with a missing operand are missing, `and`/`or` are three-valued, `if`
 * takes `otherwise` unless its condition is true. A result that is not finite (a division by zero, the logarithm of a
 * negative number) is missing.
 */
export type Expression = Tree<FittedParts>;

/** An expression whose edges, fill values and levels are still to be learned on the training rows. */
export type Template = Tree<LearnableParts>;

export interface FittedParts {
  readonly scalar: number;
  readonly list: readonly number[];
  readonly levels: LevelTable;
}

export interface LearnableParts {
  readonly scalar: number | { readonly learn: 'median' | 'mean' };
  /** Quantiles of the operand over the training rows, at these shares. */
  readonly list: readonly number[] | { readonly learn: 'quantiles'; readonly at: readonly number[] };
  readonly levels: LevelTable | { readonly learn: 'levels' };
}

/** `levels` in order of code; the `rare` ones share the last code, which stands for "other". */
export interface LevelTable {
  readonly levels: readonly string[];
  readonly rare: readonly string[];
}

export const unaryOperators = ['log1p', 'squareRoot', 'absolute', 'not', 'isMissing'] as const;
export const binaryOperators = ['subtract', 'divide'] as const;
/** `mean` is over the operands that are there; the others are missing as soon as one operand is. */
export const manyOperators = ['add', 'multiply', 'minimum', 'maximum', 'mean', 'and', 'or'] as const;
export const comparisons = ['<', '<=', '>', '>=', '=', '!='] as const;
export const dateParts = ['year', 'month', 'dayOfMonth', 'weekday', 'hour'] as const;

export type UnaryOperator = (typeof unaryOperators)[number];
export type BinaryOperator = (typeof binaryOperators)[number];
export type ManyOperator = (typeof manyOperators)[number];
export type Comparison = (typeof comparisons)[number];
/** Month and day of the month count from 1, weekday from Monday = 1. */
export type DatePart = (typeof dateParts)[number];

export type Tree<P extends { scalar: unknown; list: unknown; levels: unknown }> =
  | { readonly op: 'constant'; readonly value: number }
  /** A number column. */
  | { readonly op: 'column'; readonly name: string }
  /** A feature that stands earlier in the recipe. */
  | { readonly op: 'feature'; readonly name: string }
  | { readonly op: UnaryOperator; readonly of: Tree<P> }
  | { readonly op: BinaryOperator; readonly left: Tree<P>; readonly right: Tree<P> }
  | { readonly op: ManyOperator; readonly of: readonly Tree<P>[] }
  | { readonly op: 'clip'; readonly of: Tree<P>; readonly low: number; readonly high: number }
  | { readonly op: 'compare'; readonly by: Comparison; readonly left: Tree<P>; readonly right: Tree<P> }
  | { readonly op: 'if'; readonly when: Tree<P>; readonly then: Tree<P>; readonly otherwise: Tree<P> }
  | { readonly op: 'fillMissing'; readonly of: Tree<P>; readonly value: P['scalar'] }
  /** How many of the ascending edges are at or below the operand: 0 to edges.length. */
  | { readonly op: 'bin'; readonly of: Tree<P>; readonly edges: P['list'] }
  /** Rank of the operand among evenly spaced training quantiles, 0 to 1, interpolated; ties take the middle. */
  | { readonly op: 'percentile'; readonly of: Tree<P>; readonly quantiles: P['list'] }
  /** Days from the date to the snapshot day; negative for dates after it. */
  | { readonly op: 'daysBefore'; readonly column: string }
  | { readonly op: 'datePart'; readonly column: string; readonly part: DatePart }
  /** Code of a category by this table; unseen levels are missing. */
  | { readonly op: 'category'; readonly column: string; readonly table: P['levels'] }
  /** Whether a category is one of these levels. */
  | { readonly op: 'isLevel'; readonly column: string; readonly levels: readonly string[] }
  /** A number for each level of an ordered category; other levels are missing. */
  | {
      readonly op: 'levelValue';
      readonly column: string;
      readonly levels: readonly string[];
      readonly values: readonly number[];
    };

type AnyTree = Expression | Template;

/** The operands of a node. */
export function childrenOf<T extends AnyTree>(node: T): readonly T[] {
  if ('of' in node) return (Array.isArray(node.of) ? node.of : [node.of]) as T[];
  if ('left' in node) return [node.left, node.right] as T[];
  if (node.op === 'if') return [node.when, node.then, node.otherwise] as T[];
  return [];
}

/** A column that an expression reads, with the kind it must have. */
export interface ColumnUse {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'date';
}

/** The raw columns read by an expression itself, in order of first use (not those read through other features). */
export function columnsRead(node: AnyTree): readonly ColumnUse[] {
  const found = new Map<string, ColumnUse>();
  const walk = (each: AnyTree): void => {
    if (each.op === 'column') found.set(each.name, { name: each.name, kind: 'number' });
    else if (each.op === 'daysBefore' || each.op === 'datePart')
      found.set(each.column, { name: each.column, kind: 'date' });
    else if ('column' in each) found.set(each.column, { name: each.column, kind: 'category' });
    for (const child of childrenOf(each)) walk(child);
  };
  walk(node);
  return [...found.values()];
}

/** The features an expression refers to. */
export function featuresRead(node: AnyTree): readonly string[] {
  const names = childrenOf(node).flatMap((child) => featuresRead(child));
  return [...new Set(node.op === 'feature' ? [node.name, ...names] : names)];
}
