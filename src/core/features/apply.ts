import type { Allocate, CategoryColumn, Frame, NumberColumn } from '../data/frame.ts';
import { allocatePlain, createFrame } from '../data/frame.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import { noCheckpoint } from '../shared/checkpoint.ts';
import type { FeatureInput } from './evaluate.ts';
import { blockRows, createEvaluator } from './evaluate.ts';
import type { FittedFeature, FittedRecipe } from './fitted-recipe.ts';

export interface ApplyOptions {
  readonly allocate?: Allocate;
  readonly checkpoint?: Checkpoint;
}

/** The features of every row, as number and category columns named and ordered as in the recipe. */
export async function applyRecipe(
  recipe: FittedRecipe,
  input: FeatureInput,
  options: ApplyOptions = {},
): Promise<Frame> {
  const { allocate = allocatePlain, checkpoint = noCheckpoint } = options;
  const work = prepare(recipe, input, allocate);
  const { rowCount } = input.frame;
  for (let from = 0; from < rowCount; from += blockRows) {
    work.fillBlock(from, Math.min(blockRows, rowCount - from));
    await checkpoint({ fraction: Math.min(1, (from + blockRows) / rowCount), stage: 'Making features' });
  }
  return work.frame;
}

/** The same at once, for a request of a few rows. */
export function applyRecipeNow(recipe: FittedRecipe, input: FeatureInput): Frame {
  const work = prepare(recipe, input, allocatePlain);
  const { rowCount } = input.frame;
  for (let from = 0; from < rowCount; from += blockRows) work.fillBlock(from, Math.min(blockRows, rowCount - from));
  return work.frame;
}

interface Work {
  readonly frame: Frame;
  fillBlock(from: number, count: number): void;
}

function prepare(recipe: FittedRecipe, input: FeatureInput, allocate: Allocate): Work {
  const { rowCount } = input.frame;
  const columns = recipe.features.map((feature) => emptyColumn(feature, rowCount, allocate));
  const places = new Map(recipe.features.map((feature, place) => [feature.name, place]));
  const blockWidth = Math.min(blockRows, rowCount);
  // Category codes as numbers, for the features that refer to them within the block.
  const codeValues = columns.map((column) => (column.kind === 'category' ? new Float64Array(blockWidth) : undefined));

  const valuesOf = (place: number, from: number, count: number): Float64Array => {
    const column = columns[place] as NumberColumn | CategoryColumn;
    return column.kind === 'number'
      ? column.values.subarray(from, from + count)
      : (codeValues[place] as Float64Array).subarray(0, count);
  };
  const evaluator = createEvaluator(input, (name, from, count) => valuesOf(places.get(name) as number, from, count));

  const fillBlock = (from: number, count: number): void => {
    recipe.features.forEach((feature, place) => {
      const values = valuesOf(place, from, count);
      evaluator.evaluate(feature.expression, from, values);
      const column = columns[place] as NumberColumn | CategoryColumn;
      if (column.kind === 'number') return writeOneNan(values);
      for (let i = 0; i < count; i++) {
        const code = values[i] as number;
        column.codes[from + i] = code >= 0 && code < column.levels.length ? code : -1;
      }
    });
  };
  return { frame: createFrame(columns, rowCount), fillBlock };
}

/** Processors make NaNs of several bit patterns; bytes are the same everywhere only with one. */
function writeOneNan(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
}

function emptyColumn(feature: FittedFeature, rowCount: number, allocate: Allocate): NumberColumn | CategoryColumn {
  const { name } = feature;
  return feature.kind === 'number'
    ? { kind: 'number', name, values: new Float64Array(allocate(rowCount * 8) as ArrayBuffer) }
    : {
        kind: 'category',
        name,
        codes: new Int32Array(allocate(rowCount * 4) as ArrayBuffer),
        levels: feature.levels ?? [],
      };
}
