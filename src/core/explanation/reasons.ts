import { type Frame, getColumn } from '../data/frame.ts';
import type { ColumnSchema, TableSchema } from '../data/schema.ts';
import type { FittedRecipe } from '../features/fitted-recipe.ts';
import type { Explanation } from './explain.ts';
import { byRawColumn } from './raw-columns.ts';
import { rawValueWords } from './raw-value.ts';
import { type ReasonStability, stabilityOf } from './reason-stability.ts';
import { inUnit, type ShownScale } from './units.ts';

/** What speaks for or against one customer's conversion, as the model sees it. */
export interface Reason {
  /** A raw column. */
  readonly column: string;
  readonly direction: 'for' | 'against';
  /** What it adds to the conversion probability: 0.021 is 2.1 percentage points. */
  readonly contribution: number;
  /** Whether the business could change it; null where the schema does not say. */
  readonly changeable: boolean | null;
  /** Share of refits on resampled customers that name the column too where this model does, 0 to 1; null where not known. */
  readonly stability: number | null;
  /** "Last purchase 12 days ago: adds 2.1 points to the estimate." */
  readonly words: string;
}

/** Reasons for, and reasons against, that are named unless told otherwise. */
export const mostReasons = 3;

/** What every list of reasons says with it. */
export const reasonsNote = 'This is what the model sees, not what would happen if you changed it.';

/**
 * The raw columns that move one customer's conversion probability most, up to `most` for it and `most` against it, the
 * largest first. Row `row` of `customers` holds the raw values.
 * @param asOf day that dates are told from, in days since 1970-01-01 UTC
 */
export function reasonsOf(
  explanation: Explanation,
  scale: ShownScale,
  about: {
    readonly recipe: FittedRecipe;
    readonly schema: TableSchema;
    readonly stability?: ReasonStability | undefined;
  },
  customers: { readonly frame: Frame; readonly row: number; readonly asOf: number | undefined },
  most = mostReasons,
): Reason[] {
  const { schema, stability } = about;
  const { attributions } = inUnit(explanation, 'probability', scale);
  // A schema that calls nothing changeable does not say; one that calls something so says no of the rest.
  const says = schema.columns.some(({ changeable }) => changeable !== undefined);
  const names = explanation.attributions.map(({ feature }) => feature);
  return strongestColumns(names, attributions, about, most).map(({ column, attribution }) => {
    const value = rawValueWords(column, getColumn(customers.frame, column.name), customers.row, customers.asOf);
    return {
      column: column.name,
      direction: attribution > 0 ? 'for' : 'against',
      contribution: attribution,
      changeable: says ? column.changeable === true : null,
      stability: stabilityOf(stability, column.name),
      words: `${factOf(column, value)}: ${effectOf(attribution)} the estimate.`,
    };
  });
}

/** Amounts are told in steps of 1e-12: page and server may sum in another order, but say the same. */
const steps = 1e12;

/** The raw columns that attributions of these features move most, up to `most` up and `most` down, the largest first. */
export function strongestColumns(
  features: readonly string[],
  attributions: readonly number[],
  { recipe, schema }: { readonly recipe: FittedRecipe; readonly schema: TableSchema },
  most: number,
): { readonly column: ColumnSchema; readonly attribution: number }[] {
  const columnsOf = new Map(recipe.features.map(({ name, columns }) => [name, columns]));
  const byColumn = byRawColumn(
    attributions,
    features.map((feature) => columnsOf.get(feature) ?? []),
    'split',
  );
  const taken = { up: 0, down: 0 };
  return byColumn
    .map(({ columns, attribution }) => ({ columns, attribution: Math.round(attribution * steps) / steps }))
    .toSorted((a, b) => Math.abs(b.attribution) - Math.abs(a.attribution))
    .flatMap(({ columns, attribution }) => {
      const column = schema.columns.find(({ name }) => name === columns[0]);
      if (!column || attribution === 0) return [];
      return taken[attribution > 0 ? 'up' : 'down']++ < most ? [{ column, attribution }] : [];
    });
}

/** "Last purchase 12 days ago", "Website visits in 30 days (9)". */
function factOf({ description, name, kind }: ColumnSchema, value: string): string {
  const subject = description || name;
  if (kind !== 'date') return `${subject} (${value})`;
  const event = subject.replace(/^(?:day|date) (?:of )?(?:the )?/i, '');
  return `${event.charAt(0).toUpperCase()}${event.slice(1)} ${value}`;
}

function effectOf(contribution: number): string {
  const size = Math.abs(contribution) * 100;
  const points = size >= 0.95 ? size.toFixed(1).replace(/\.0$/, '') : String(Number(size.toPrecision(2)));
  return `${contribution > 0 ? 'adds' : 'takes'} ${points} ${points === '1' ? 'point' : 'points'} ${contribution > 0 ? 'to' : 'from'}`;
}
