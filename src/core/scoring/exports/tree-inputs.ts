import type { FittedRecipe } from '../../features/fitted-recipe.ts';
import { type BoostingModel, type Tree } from '../../models/boosting/boosting-model.ts';
import { columnReaders } from '../../models/boosting/model-columns.ts';
import { createFrame, type Column } from '../../data/frame.ts';

/** A feature as trees read it. For a category: the number of a missing value, then of each code of the recipe. */
export interface TreeInput {
  readonly name: string;
  readonly numbers: Float64Array | undefined;
}

/** The model's inputs in its order, from the recipe's features. */
export function treeInputs(model: BoostingModel, recipe: FittedRecipe): TreeInput[] {
  const columns = recipe.features.map(({ name, kind, levels = [] }): Column => {
    if (kind === 'number') return { kind, name, values: new Float64Array(0) };
    return { kind, name, codes: new Int32Array(0), levels };
  });
  return columnReaders(model, createFrame(columns, 0)).map((column, index) => ({
    name: model.features[index]?.name ?? '',
    numbers: column.kind === 'category' ? column.numbers : undefined,
  }));
}

/** The category numbers of each set of a tree. */
export function categorySets({ catBoundaries, catThreshold }: Tree): number[][] {
  return Array.from({ length: Math.max(0, catBoundaries.length - 1) }, (_, set) => {
    const from = catBoundaries[set] as number;
    const words = (catBoundaries[set + 1] as number) - from;
    const numbers: number[] = [];
    for (let number = 0; number < 32 * words; number++)
      if (((catThreshold[from + (number >> 5)] as number) >>> (number & 31)) & 1) numbers.push(number);
    return numbers;
  });
}
