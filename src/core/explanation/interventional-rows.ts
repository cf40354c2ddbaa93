import type { Frame } from '../data/frame.ts';
import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { goesLeft } from '../models/boosting/decision.ts';
import { columnReaders, readRows } from '../models/boosting/model-columns.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import type { BulkAttributions } from './bulk-tree-shap.ts';
import { sharesOf } from './interventional-tree-shap.ts';
import type { ShapGroup } from '../kernels/tree-shap.ts';
import { type GroupedLeaf, groupLeaves } from './shap-groups.ts';
import { treesInLogOdds } from './tree-shap.ts';

/** Rows worked on together: their patterns stay in the cache. */
const stripRows = 1024;
const maxBits = 30;
const mostDirectBits = 12;

/**
 * Interventional TreeSHAP of many rows in log-odds, exact in float64, as `interventionalTreeShap` row by row. What a
 * subtree gives a row hangs on the row's pattern there alone (see shap-groups.ts), and on how many background rows have
 * which: both are few. Undefined where a leaf has more than 30 features.
 */
export async function interventionalRows(
  model: BoostingModel,
  features: Frame,
  rows: Uint32Array,
  background: Frame,
  checkpoint: Checkpoint = noCheckpoint,
): Promise<BulkAttributions | undefined> {
  const width = model.features.length;
  const values = new Float64Array(width * rows.length);
  const trees = treesInLogOdds(model);
  const own = createReader(model, features);
  const everybody = Uint32Array.from({ length: background.rowCount }, (_, row) => row);
  const others = createReader(model, background)(everybody);
  let expectedValue = 0;
  const strips = Array.from({ length: Math.ceil(rows.length / stripRows) }, (_, strip) =>
    own(rows.subarray(strip * stripRows, (strip + 1) * stripRows)),
  );
  for (const [index, tree] of trees.entries()) {
    if (tree.leafCount < 2) {
      expectedValue += tree.leafValue[0]!;
      continue;
    }
    const groups = groupLeaves(tree, testOfNode, maxBits, (leaf) => leaf);
    if (!groups) return undefined;
    const otherGoes = goesRight(tree, others);
    const tables = groups.map((group) => createEntries(group, patternsOf(group.bits, otherGoes, others.rowCount)));
    for (const { base } of tables) expectedValue += base;
    for (const [strip, table] of strips.entries()) {
      const goes = goesRight(tree, table);
      for (const [g, { bits, features: attributed }] of groups.entries()) {
        addEntries(tables[g]!.entryOf, patternsOf(bits, goes, table.rowCount), attributed, values, rows.length, strip);
      }
    }
    await checkpoint({ fraction: (index + 1) / trees.length, stage: 'Explaining customers' });
  }
  return { expectedValue, rowCount: rows.length, values };
}

function addEntries(
  entryOf: (pattern: number) => Float64Array,
  patterns: Int32Array,
  features: readonly number[],
  values: Float64Array,
  rowCount: number,
  strip: number,
): void {
  const places = Float64Array.from(features, (feature) => feature * rowCount + strip * stripRows);
  for (let row = 0; row < patterns.length; row++) {
    const entry = entryOf(patterns[row]!);
    for (let slot = 0; slot < entry.length; slot++) values[places[slot]! + row]! += entry[slot]!;
  }
}

/** Tests go by the nodes they stand at. */
const testOfNode = (node: number) => ({ column: node, test: 0, missingRight: false });

interface Rows {
  readonly rowCount: number;
  /** Row by row, in the model's feature order. */
  readonly cells: Float64Array;
}

function createReader(model: BoostingModel, features: Frame): (rows: Uint32Array) => Rows {
  const readers = columnReaders(model, features);
  return (rows) => {
    const cells = new Float64Array(readers.length * rows.length);
    rows.forEach((row, i) => {
      readRows(readers, row, row + 1, cells.subarray(i * readers.length, (i + 1) * readers.length));
    });
    return { rowCount: rows.length, cells };
  };
}

/** Of each inner node, 1 for the rows that go right. */
function goesRight(tree: Tree, { rowCount, cells }: Rows): Uint8Array[] {
  const width = cells.length / rowCount;
  return Array.from({ length: tree.leafCount - 1 }, (_, node) => {
    const feature = tree.splitFeature[node]!;
    const goes = new Uint8Array(rowCount);
    for (let row = 0; row < rowCount; row++) goes[row] = goesLeft(tree, node, cells[row * width + feature]!) ? 0 : 1;
    return goes;
  });
}

function patternsOf(
  bits: readonly (readonly { readonly column: number; readonly isRight: boolean }[])[],
  goes: readonly Uint8Array[],
  rowCount: number,
): Int32Array {
  const patterns = new Int32Array(rowCount);
  const all = new Uint8Array(rowCount);
  bits.forEach((terms, bit) => {
    all.fill(1);
    for (const { column, isRight } of terms) {
      const right = goes[column]!;
      const turned = isRight ? 0 : 1;
      for (let row = 0; row < rowCount; row++) all[row] = all[row]! & (right[row]! ^ turned);
    }
    for (let row = 0; row < rowCount; row++) patterns[row] = patterns[row]! | (all[row]! << bit);
  });
  return patterns;
}

/** What a group's leaves give a row of a pattern, worked out when the first such row is met. */
function createEntries(
  { bits, features, leaves }: Pick<ShapGroup, 'bits' | 'features'> & { readonly leaves: readonly GroupedLeaf[] },
  others: Int32Array,
) {
  const compared = leaves.map((leaf) => comparedLeaf(leaf, others));
  // A pattern of few bits is a place, of many a key.
  const direct = new Array<Float64Array | undefined>(bits.length <= mostDirectBits ? 1 << bits.length : 0).fill(
    undefined,
  );
  const sparse = new Map<number, Float64Array>();
  const make = (pattern: number): Float64Array => {
    const entry = new Float64Array(features.length);
    for (const { ways, masks, values } of compared) {
      const all = (1 << ways.length) - 1;
      const own = passed(ways, pattern);
      for (let i = 0; i < masks.length; i++) {
        const other = masks[i]!;
        if ((own | other) !== all) continue;
        const firsts = all & ~other;
        const seconds = all & ~own;
        const { toFirst, toSecond } = sharesOf(values[i]!, bitCount(firsts), bitCount(seconds));
        for (let way = 0; way < ways.length; way++) {
          const slot = ways[way]!.slot;
          if ((firsts >> way) & 1) entry[slot]! += toFirst;
          else if ((seconds >> way) & 1) entry[slot]! += toSecond;
        }
      }
    }
    return entry;
  };
  return {
    /** What the background rows get here on average. */
    base: compared.reduce((sum, { ways, masks, values }) => {
      const all = (1 << ways.length) - 1;
      return values.reduce((total, value, i) => (masks[i] === all ? total + value : total), sum);
    }, 0),
    entryOf(pattern: number): Float64Array {
      const known = direct.length > 0 ? direct[pattern] : sparse.get(pattern);
      if (known) return known;
      const entry = make(pattern);
      if (direct.length > 0) direct[pattern] = entry;
      else sparse.set(pattern, entry);
      return entry;
    },
  };
}

/** A leaf with the background rows that can matter: by which features let them pass, its value times their share. */
function comparedLeaf({ value, features: ways }: GroupedLeaf, others: Int32Array) {
  const counts = new Map<number, number>();
  for (const pattern of others) {
    const mask = passed(ways, pattern);
    counts.set(mask, (counts.get(mask) ?? 0) + 1);
  }
  const values = Float64Array.from(counts.values(), (count) => (value * count) / others.length);
  return { ways, masks: Int32Array.from(counts.keys()), values };
}

/** Bit i: whether the leaf's i-th feature lets a row of this pattern pass. */
function passed(ways: GroupedLeaf['features'], pattern: number): number {
  let mask = 0;
  for (let way = 0; way < ways.length; way++) {
    const { care, want } = ways[way]!;
    if ((pattern & care) === want) mask |= 1 << way;
  }
  return mask;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
