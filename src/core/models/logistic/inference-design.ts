import type { Column, Frame } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { type Encoding, fitEncoding, inputNames } from '../encoding.ts';

/** The inputs of a fit whose coefficients each mean one thing: of every category one level, the reference, has none. */
export interface InferenceDesign {
  /** The features, a category's missing values a level of their own where training has any. */
  readonly features: Frame;
  readonly encoding: Encoding;
  /** Of the inputs, in order. */
  readonly names: readonly string[];
  /** Per input, the level that it is compared with; undefined for numbers and indicators. */
  readonly references: readonly (string | undefined)[];
}

const missingLevel = 'missing';

/** Drops the level with the most training rows of each category (the first of equals), and levels training never saw. */
export function inferenceDesign(features: Frame, train: Uint32Array): InferenceDesign {
  const filled = createFrame(
    features.columns.map((column) => nameMissing(column, train)),
    features.rowCount,
  );
  const references = new Map<string, string>();
  let width = 0;
  const columns = fitEncoding(filled, train).columns.map((encoded) => {
    const slot = width;
    if (encoded.kind === 'number') {
      width += encoded.missingIndicator ? 2 : 1;
      return { ...encoded, slot };
    }
    const column = filled.columns.find(({ name }) => name === encoded.name) as Column & { kind: 'category' };
    const counts = countLevels(column, train);
    const most = counts.indexOf(Math.max(...counts));
    references.set(column.name, column.levels[most] ?? '');
    const levels = column.levels.filter((_, level) => level !== most && (counts[level] as number) > 0);
    width += levels.length;
    return { ...encoded, levels, slot };
  });
  const encoding = { columns, width };
  return {
    features: filled,
    encoding,
    names: inputNames(encoding),
    references: columns.flatMap((column) =>
      column.kind === 'category'
        ? column.levels.map(() => references.get(column.name))
        : new Array<undefined>(column.missingIndicator ? 2 : 1).fill(undefined),
    ),
  };
}

function nameMissing(column: Column, train: Uint32Array): Column {
  if (column.kind !== 'category' || !train.some((row) => (column.codes[row] as number) < 0)) return column;
  let name = missingLevel;
  while (column.levels.includes(name)) name = `${name} `;
  const added = column.levels.length;
  return {
    ...column,
    levels: [...column.levels, name],
    codes: column.codes.map((code) => (code < 0 ? added : code)),
  };
}

function countLevels({ codes, levels }: Column & { kind: 'category' }, train: Uint32Array): number[] {
  const counts = new Array<number>(levels.length).fill(0);
  for (const row of train) {
    const code = codes[row] as number;
    counts[code] = (counts[code] as number) + 1;
  }
  return counts;
}
