import { maxPatternBits, type ShapGroup, type ShapTest } from '../kernels/tree-shap.ts';
import type { BoostingModel } from '../models/boosting/boosting-model.ts';
import { categoricalBit, goesLeft, thresholdInEffect } from '../models/boosting/decision.ts';
import { readingOf, readings } from '../models/boosting/tree-walkers.ts';
import { entryOf } from '../kernels/reference/tree-shap.ts';
import { groupTree } from './shap-groups.ts';
import { createTreeShap, type TreeShap } from './tree-shap.ts';

/**
 * Subtrees are taken whole up to so many bits: fewer additions than with bulkTreeShap's ten, and a server meets a pattern
 * again. Patterns of more bits have no table of places; few groups have them.
 */
const tableBits = 13;

/** Numbers of all entries kept, at most: 64 MB. Beyond them all are forgotten, and met anew. */
const mostNumbers = 8_000_000;

/**
 * `createTreeShap` for customers who come one by one: a server answers thousands of them by one model. What a subtree adds
 * hangs on a few bits of a row (see bulkTreeShap); what rows of one pattern share is computed when the first of them
 * comes, and kept. Attributions differ from the walk's by rounding (1e-12).
 */
export function createRowTreeShap(model: BoostingModel): TreeShap {
  const walk = createTreeShap(model);
  const tests = createTests();
  const groups: ShapGroup[] = [];
  for (const tree of walk.trees) {
    if (tree.leafCount < 2) continue;
    const grouped = groupTree(tree, (node) => tests.add(tree, node), maxPatternBits, tableBits);
    // A leaf of more features than a pattern has bits: the walk takes any.
    if (!grouped) return walk;
    groups.push(...grouped);
  }
  const patterns = layOutPatterns(groups);
  const kept = createEntries(groups);
  const widths = Int32Array.from(groups, (group) => group.features.length);
  const features = Int32Array.from(groups.flatMap((group) => group.features));
  const found = new Int32Array(groups.length);

  return {
    expectedValue: walk.expectedValue,
    trees: walk.trees,
    addAttributions(row, phi) {
      patterns.read(tests.hold(row), found);
      const { numbers } = kept.place(found);
      for (let g = 0, next = 0; g < found.length; g++) {
        let at = found[g] as number;
        for (const end = next + (widths[g] as number); next < end; next++, at++) {
          const feature = features[next] as number;
          phi[feature] = (phi[feature] as number) + (numbers[at] as number);
        }
      }
    },
  };
}

/**
 * What was computed for the patterns met: places by pattern in one array, numbers in another, in the order in which they
 * were met, because the memory's latency is what a row costs.
 */
function createEntries(groups: readonly ShapGroup[]) {
  const tables = new Int32Array(groups.length);
  const rare = new Map<number, Map<number, number>>();
  let size = 0;
  groups.forEach(({ bits }, g) => {
    tables[g] = bits.length > tableBits ? -1 : size;
    if (bits.length > tableBits) rare.set(g, new Map());
    else size += 1 << bits.length;
  });
  // Place 0 stands for "not met".
  const places = new Int32Array(size);
  const kept = { numbers: new Float64Array(1 << 16) };
  let used = 1;

  const compute = (g: number, pattern: number): number => {
    const entry = entryOf(groups[g] as ShapGroup, pattern);
    if (used + entry.length > kept.numbers.length) {
      const grown = new Float64Array(2 * kept.numbers.length);
      grown.set(kept.numbers);
      kept.numbers = grown;
    }
    kept.numbers.set(entry, used);
    const at = used;
    used += entry.length;
    return at;
  };
  return {
    /** Puts the place of each group's entry where its pattern stood. */
    place(found: Int32Array): { readonly numbers: Float64Array } {
      if (used > mostNumbers) {
        places.fill(0);
        for (const each of rare.values()) each.clear();
        used = 1;
      }
      for (let g = 0; g < found.length; g++) {
        const pattern = found[g] as number;
        const table = tables[g] as number;
        if (table >= 0) {
          let at = places[table + pattern] as number;
          if (at === 0) places[table + pattern] = at = compute(g, pattern);
          found[g] = at;
        } else {
          const own = rare.get(g) as Map<number, number>;
          let at = own.get(pattern);
          if (at === undefined) own.set(pattern, (at = compute(g, pattern)));
          found[g] = at;
        }
      }
      return kept;
    },
  };
}

/** The tests of all nodes, each kind once; a row's answers are found together. */
function createTests() {
  const places = new Map<string, number>();
  const columns: { readonly feature: number; readonly read: (value: number) => number }[] = [];
  const columnPlaces = new Map<string, number>();
  const columnOf: number[] = [];
  const limits: number[] = [];
  const odd: { readonly test: number; readonly feature: number; readonly isLeft: (value: number) => boolean }[] = [];
  let values = new Float64Array(0);
  let holds = new Uint8Array(0);

  return {
    add(tree: TreeShap['trees'][number], node: number): Omit<ShapTest, 'isRight'> {
      const type = tree.decisionType[node] as number;
      const feature = tree.splitFeature[node] as number;
      const reading = readingOf(type);
      const limit = thresholdInEffect(tree.threshold[node] as number);
      const isSet = (type & categoricalBit) !== 0;
      const key = isSet ? `set ${limits.length}` : `${feature} ${reading} ${limit}`;
      let test = places.get(key);
      if (test === undefined) {
        places.set(key, (test = limits.length));
        const columnKey = `${feature} ${reading}`;
        const column = columnPlaces.get(columnKey) ?? columns.push({ feature, read: readings[reading] }) - 1;
        columnPlaces.set(columnKey, column);
        columnOf.push(column);
        limits.push(isSet ? Number.NaN : limit);
        if (isSet) odd.push({ test, feature, isLeft: (value) => goesLeft(tree, node, value) });
      }
      return { column: 0, test, missingRight: false };
    },
    /** Byte 2t: 1 where the row goes left at test t; 2t + 1: 1 where it goes right. */
    hold(row: Float64Array): Uint8Array {
      if (holds.length === 0) {
        values = new Float64Array(columns.length);
        holds = new Uint8Array(2 * limits.length);
      }
      for (let c = 0; c < columns.length; c++) {
        const { feature, read } = columns[c] as (typeof columns)[number];
        values[c] = read(row[feature] as number);
      }
      for (let t = 0; t < limits.length; t++) {
        const isLeft = Number((values[columnOf[t] as number] as number) <= (limits[t] as number));
        holds[2 * t] = isLeft;
        holds[2 * t + 1] = 1 - isLeft;
      }
      for (const { test, feature, isLeft } of odd) {
        const left = Number(isLeft(row[feature] as number));
        holds[2 * test] = left;
        holds[2 * test + 1] = 1 - left;
      }
      return holds;
    },
  };
}

/** The groups' bits in one array each: a bit is set where all of its terms hold. */
function layOutPatterns(groups: readonly ShapGroup[]) {
  const bits = groups.flatMap((group) => group.bits);
  const groupEnds = new Int32Array(groups.length);
  const bitEnds = new Int32Array(bits.length);
  const terms = Int32Array.from(bits.flat(), ({ test, isRight }) => 2 * test + Number(isRight));
  let end = 0;
  groups.forEach((group, g) => {
    groupEnds[g] = (groupEnds[g - 1] ?? 0) + group.bits.length;
  });
  bits.forEach((own, b) => {
    bitEnds[b] = end += own.length;
  });
  return {
    read(holds: Uint8Array, into: Int32Array): void {
      let term = 0;
      let bit = 0;
      for (let g = 0; g < into.length; g++) {
        let pattern = 0;
        const last = groupEnds[g] as number;
        for (let place = 0; bit < last; bit++, place++) {
          let all = 1;
          for (const stop = bitEnds[bit] as number; term < stop; term++) all &= holds[terms[term] as number] as number;
          pattern |= all << place;
        }
        into[g] = pattern;
      }
    },
  };
}
