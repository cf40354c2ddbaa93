import type { Frame } from '../data/frame.ts';
import type { BoostingModel } from '../models/boosting/boosting-model.ts';
import { columnReaders, readRows } from '../models/boosting/model-columns.ts';
import { scoreRow } from './explain.ts';
import { interventionalTreeShap } from './interventional-tree-shap.ts';
import { treeInteractions } from './tree-interactions.ts';
import { type ExplanationUnit, explanationUnits, type ShownExplanation, type ShownScale, shownFor } from './units.ts';

/**
 * Why one row has the number that is shown rather than that of the background's customers: interventional TreeSHAP through
 * the link from raw score to that number, no rescaling of the whole. The base is the background's mean. In every unit.
 */
export function explainAgainst(
  model: BoostingModel,
  features: Frame,
  row: number,
  background: Frame,
  scale: ShownScale,
): Readonly<Record<ExplanationUnit, ShownExplanation>> {
  const others = Array.from({ length: background.rowCount }, (_, other) => valuesOf(model, background, other));
  const linkTo = (unit: ExplanationUnit) => (rawScore: number) => shownFor(rawScore, unit, scale);
  // A shift takes no link: the differences are the log-odds' own.
  const shap = interventionalTreeShap(
    model,
    others,
    explanationUnits.map((unit) => (unit === 'log-odds' ? undefined : linkTo(unit))),
  );
  const byUnit = shap.attributionsOf(valuesOf(model, features, row));
  const rawScore = scoreRow(model, features, row);
  const shown = explanationUnits.map((unit, i) => {
    const expected = shap.expectedValues[i]!;
    const base = unit === 'log-odds' ? shownFor(expected, unit, scale) : expected;
    const attributions = [...byUnit[i]!];
    const value = shownFor(rawScore, unit, scale);
    const sum = attributions.reduce((total, each) => total + each, base);
    return [unit, { base, attributions, value, residual: Math.abs(sum - value) }];
  });
  return Object.fromEntries(shown) as Record<ExplanationUnit, ShownExplanation>;
}

/** What two features give one row only together, in log-odds: both halves of their SHAP interaction value. */
export interface Interaction {
  readonly features: readonly [string, string];
  readonly interaction: number;
}

/** The pairs of features that interact most in one row, the largest first; those that do not are left out. */
export function strongestInteractions(model: BoostingModel, features: Frame, row: number, most: number): Interaction[] {
  const names = model.features.map(({ name }) => name);
  const values = treeInteractions(model, valuesOf(model, features, row));
  const pairs: Interaction[] = [];
  names.forEach((first, i) => {
    for (let j = i + 1; j < names.length; j++) {
      const interaction = 2 * (values[i * names.length + j] as number);
      if (interaction !== 0) pairs.push({ features: [first, names[j] as string], interaction });
    }
  });
  return pairs.sort((a, b) => Math.abs(b.interaction) - Math.abs(a.interaction)).slice(0, most);
}

function valuesOf(model: BoostingModel, features: Frame, row: number): Float64Array {
  const readers = columnReaders(model, features);
  const values = new Float64Array(readers.length);
  readRows(readers, row, row + 1, values);
  return values;
}
