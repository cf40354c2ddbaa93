import type { FittedRecipe } from '../../features/fitted-recipe.ts';
import type { LogisticModel } from '../../models/logistic/logistic-model.ts';

/** What a feature adds to the raw score: of a number ((x − mean) / scale) · coefficient, of a category by recipe code. */
export type LinearTerm =
  | {
      readonly name: string;
      readonly mean: number;
      readonly scale: number;
      readonly coefficient: number;
      readonly missing: number;
    }
  | { readonly name: string; readonly byCode: readonly number[] };

/** The terms in the order in which the model adds them. */
export function linearTerms({ encoding, coefficients }: LogisticModel, recipe: FittedRecipe): LinearTerm[] {
  const levelsOf = new Map(recipe.features.map(({ name, levels = [] }) => [name, levels]));
  return encoding.columns.map((column) => {
    const { name, slot } = column;
    if (column.kind === 'category') {
      const byCode = (levelsOf.get(name) ?? []).map((level) => {
        const place = column.levels.indexOf(level);
        return place < 0 ? 0 : (coefficients[slot + place] as number);
      });
      return { name, byCode };
    }
    const missing = column.missingIndicator ? (coefficients[slot + 1] as number) : 0;
    return { name, mean: column.mean, scale: column.scale, coefficient: coefficients[slot] as number, missing };
  });
}
