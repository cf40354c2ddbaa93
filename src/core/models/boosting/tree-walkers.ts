import type { BoostingModel, Tree } from './boosting-model.ts';
import {
  categoricalBit,
  defaultLeftBit,
  missingMask,
  missingNaN,
  missingZero,
  thresholdInEffect,
  zeroThreshold,
} from './decision.ts';
import type { ModelColumn } from './model-columns.ts';

/**
 * A model's trees to be walked: the twin of the kernel `trees`, and faster than it for a few rows. All nodes, leaves too,
 * stand in one array, 16 bytes each, children side by side: a step is two loads near each other, a comparison and an
 * addition. Where missing goes is settled when a row is read, so that one comparison serves every kind of node.
 */
export interface WalkedTrees {
  readonly columns: readonly WalkedColumn[];
  /** Node of each tree's root. */
  readonly roots: Int32Array;
  /** Doubles 2n: a threshold; NaN in leaves, which thereby lead to themselves. */
  readonly limits: Float64Array;
  /**
   * The same memory. Words 4n + 2: place in `columns`, ~place for a category; 4n + 3: the left child, n − 1 in leaves. Of a
   * category 4n: where its set starts in `sets`; 4n + 1: codes from here on are in none.
   */
  readonly words: Int32Array;
  readonly leafValues: Float64Array;
  readonly sets: Int32Array;
}

/** A feature as some nodes want to compare it: `value <= threshold` is left, and NaN is right. */
interface WalkedColumn {
  readonly feature: number;
  readonly read: (value: number) => number;
}

const isZero = (value: number) => value >= -zeroThreshold && value <= zeroThreshold;

/** How a value is read before `value <= threshold` alone says left, by kind of node. */
export const readings = {
  plain: (value: number) => value,
  missingLeft: (value: number) => (value !== value ? Number.NEGATIVE_INFINITY : value),
  missingZero: (value: number) => (value !== value ? 0 : value),
  zeroRight: (value: number) => (isZero(value) ? Number.NaN : value),
  zeroLeft: (value: number) => (isZero(value) || value !== value ? Number.NEGATIVE_INFINITY : value),
  // A category's code, truncated towards zero; −1 where it can be in no set.
  category: (value: number) => (value > -1 && value < 2_147_483_648 ? Math.trunc(value) : -1),
} as const;

export function readingOf(type: number): keyof typeof readings {
  if (type & categoricalBit) return 'category';
  const isLeft = (type & defaultLeftBit) !== 0;
  if ((type & missingMask) === missingNaN) return isLeft ? 'missingLeft' : 'plain';
  if ((type & missingMask) === missingZero) return isLeft ? 'zeroLeft' : 'zeroRight';
  return 'missingZero';
}

const walked = new WeakMap<BoostingModel, WalkedTrees>();

/** Made once per model. */
export function walkedTrees(model: BoostingModel): WalkedTrees {
  let known = walked.get(model);
  if (!known) walked.set(model, (known = layOut(model)));
  return known;
}

function layOut({ trees }: BoostingModel): WalkedTrees {
  const nodeCount = trees.reduce((sum, { leafCount }) => sum + 2 * leafCount - 1, 0);
  const limits = new Float64Array(2 * nodeCount);
  const words = new Int32Array(limits.buffer);
  const leafValues = new Float64Array(nodeCount);
  const sets = new Int32Array(trees.reduce((sum, { catThreshold }) => sum + catThreshold.length, 0));
  const roots = new Int32Array(trees.length);
  const columns: WalkedColumn[] = [];
  const places = new Map<string, number>();
  const placeOf = (feature: number, reading: keyof typeof readings): number => {
    const key = `${feature} ${reading}`;
    const place = places.get(key) ?? columns.push({ feature, read: readings[reading] }) - 1;
    places.set(key, place);
    return place;
  };
  let next = 0;
  let setStart = 0;
  const write = (tree: Tree, child: number, at: number, setsAt: number): void => {
    if (child < 0) {
      limits[2 * at] = Number.NaN;
      words[4 * at + 3] = at - 1;
      leafValues[at] = tree.leafValue[~child] as number;
      return;
    }
    const type = tree.decisionType[child] as number;
    const place = placeOf(tree.splitFeature[child] as number, readingOf(type));
    if (type & categoricalBit) {
      const set = tree.threshold[child] as number;
      const from = tree.catBoundaries[set] as number;
      words[4 * at] = setsAt + from;
      words[4 * at + 1] = 32 * ((tree.catBoundaries[set + 1] as number) - from);
      words[4 * at + 2] = ~place;
    } else {
      limits[2 * at] = thresholdInEffect(tree.threshold[child] as number);
      words[4 * at + 2] = place;
    }
    words[4 * at + 3] = next;
    next += 2;
  };
  trees.forEach((tree, index) => {
    roots[index] = next++;
    sets.set(tree.catThreshold, setStart);
    // Level by level, siblings side by side.
    const queue = [tree.leafCount > 1 ? 0 : -1];
    for (let i = 0, at = next - 1; i < queue.length; i++, at++) {
      const node = queue[i] as number;
      write(tree, node, at, setStart);
      if (node >= 0) queue.push(tree.leftChild[node] as number, tree.rightChild[node] as number);
    }
    setStart += tree.catThreshold.length;
  });
  return { columns, roots, limits, words, leafValues, sets };
}

/** Rows walked through one tree before the next: their values and the tree stay in the first cache. */
const blockRows = 64;

/** Adds the leaf values of trees first … last − 1 to the rows' scores, in tree order. */
export function walkRows(
  trees: WalkedTrees,
  features: readonly ModelColumn[],
  scores: Float64Array,
  first = 0,
  last = trees.roots.length,
): void {
  const rowCount = scores.length;
  const width = trees.columns.length;
  const roots = trees.roots.subarray(first, last);
  const values = new Float64Array(Math.min(blockRows, rowCount) * width);
  for (let from = 0; from < rowCount; from += blockRows) {
    const to = Math.min(from + blockRows, rowCount);
    readRows(trees, features, from, to, values);
    const fours = from + 4 * Math.floor((to - from) / 4);
    if (from < fours) walkFourRows(trees, roots, values, from, fours, scores);
    for (let row = fours; row < to; row++) {
      scores[row] = walkRow(trees, roots, values, width * (row - from), scores[row] as number);
    }
  }
}

function readRows(
  { columns }: WalkedTrees,
  features: readonly ModelColumn[],
  from: number,
  to: number,
  out: Float64Array,
): void {
  const width = columns.length;
  for (let place = 0; place < width; place++) {
    const { feature, read } = columns[place] as WalkedColumn;
    const column = features[feature] as ModelColumn;
    for (let row = from, at = place; row < to; row++, at += width) {
      const value = column.kind === 'number' ? column.values[row] : column.numbers[(column.codes[row] as number) + 1];
      out[at] = read(value as number);
    }
  }
}

/** The child that a row goes to; a leaf leads to itself. Sides are added, not chosen: a branch would be guessed wrong. */
function step({ limits, words, sets }: WalkedTrees, values: Float64Array, row: number, node: number): number {
  const place = words[4 * node + 2] as number;
  const left = words[4 * node + 3] as number;
  if (place >= 0) return left + Number(!((values[row + place] as number) <= (limits[2 * node] as number)));
  const code = values[row + ~place] as number;
  if (code < 0 || code >= (words[4 * node + 1] as number)) return left + 1;
  const word = sets[(words[4 * node] as number) + (code >> 5)] as number;
  return left + 1 - ((word >> (code & 31)) & 1);
}

/** One row down four trees at once, so that their loads overlap. */
function walkRow(trees: WalkedTrees, roots: Int32Array, values: Float64Array, row: number, start: number): number {
  const { leafValues } = trees;
  const count = roots.length;
  let sum = start;
  let tree = 0;
  for (; tree + 4 <= count; tree += 4) {
    let a = roots[tree] as number;
    let b = roots[tree + 1] as number;
    let c = roots[tree + 2] as number;
    let d = roots[tree + 3] as number;
    for (;;) {
      const nextA = step(trees, values, row, a);
      const nextB = step(trees, values, row, b);
      const nextC = step(trees, values, row, c);
      const nextD = step(trees, values, row, d);
      if (nextA === a && nextB === b && nextC === c && nextD === d) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    sum += leafValues[a] as number;
    sum += leafValues[b] as number;
    sum += leafValues[c] as number;
    sum += leafValues[d] as number;
  }
  for (; tree < count; tree++) {
    let node = roots[tree] as number;
    for (let next = step(trees, values, row, node); next !== node; next = step(trees, values, row, node)) node = next;
    sum += leafValues[node] as number;
  }
  return sum;
}

/** Four rows at once down one tree, then the next four; a block of rows down one tree before the next. */
function walkFourRows(
  trees: WalkedTrees,
  roots: Int32Array,
  values: Float64Array,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  const { leafValues } = trees;
  const width = trees.columns.length;
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree] as number;
    for (let i = from, row = 0; i < to; i += 4, row += 4 * width) {
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (;;) {
        const nextA = step(trees, values, row, a);
        const nextB = step(trees, values, row + width, b);
        const nextC = step(trees, values, row + 2 * width, c);
        const nextD = step(trees, values, row + 3 * width, d);
        if (nextA === a && nextB === b && nextC === c && nextD === d) break;
        a = nextA;
        b = nextB;
        c = nextC;
        d = nextD;
      }
      scores[i] = (scores[i] as number) + (leafValues[a] as number);
      scores[i + 1] = (scores[i + 1] as number) + (leafValues[b] as number);
      scores[i + 2] = (scores[i + 2] as number) + (leafValues[c] as number);
      scores[i + 3] = (scores[i + 3] as number) + (leafValues[d] as number);
    }
  }
}
