import type { ProgramColumn, ProgramTree, TreeProgram } from '../../kernels/tree-program.ts';
import { maxLeaves, maxSlots } from '../../kernels/tree-program.ts';
import type { BoostingModel, Tree } from './boosting-model.ts';
import { categoricalBit, defaultLeftBit, missingMask, missingNaN, missingZero, thresholdInEffect } from './decision.ts';

/** One way in which trees read a feature; a feature is read in one way, save in strange files. */
export interface ReadColumn {
  readonly feature: number;
  /** As `decision.ts` reads numbers: NaN is 0, zero and NaN are missing, or NaN is missing; or a category's code. */
  readonly reading: 'none' | 'zero' | 'nan' | 'category';
  /** Slot of each category code; codes beyond are in slot 0. Empty for numbers. */
  readonly slotOf: Uint16Array;
}

/** A model for the kernel: the columns of `program` are those of `columns`. */
export interface CompiledTrees {
  readonly program: TreeProgram;
  readonly columns: readonly ReadColumn[];
}

/** Of one tree: sets this wide take longer to compile than most walks. */
const maxSetWords = 65_536;

const compiled = new WeakMap<BoostingModel, CompiledTrees | 'unfit'>();

/** The model's trees as the kernel takes them, made once; undefined where it does not (trees of more than 256 leaves). */
export function compileTrees(model: BoostingModel): CompiledTrees | undefined {
  let known = compiled.get(model);
  if (!known) compiled.set(model, (known = compile(model) ?? 'unfit'));
  return known === 'unfit' ? undefined : known;
}

function compile(model: BoostingModel): CompiledTrees | undefined {
  if (model.trees.some((tree) => tree.leafCount > maxLeaves || tree.catThreshold.length > maxSetWords))
    return undefined;
  const builders = new Map<number, Builder>();
  const builderOf = (tree: Tree, node: number): Builder => {
    const reading = readingOf(tree.decisionType[node] as number);
    const key = 4 * (tree.splitFeature[node] as number) + readings.indexOf(reading);
    let builder = builders.get(key);
    if (!builder) {
      builder = createBuilder(tree.splitFeature[node] as number, reading, builders.size);
      builders.set(key, builder);
    }
    return builder;
  };
  for (const tree of model.trees) {
    for (let node = 0; node < tree.leafCount - 1; node++) {
      if (Number.isNaN(tree.threshold[node])) return undefined;
      builderOf(tree, node).add(tree, node);
    }
  }
  const all = [...builders.values()];
  const finished = all.map((builder) => builder.finish());
  if (finished.some(({ column }) => slotCountOf(column) > maxSlots)) return undefined;
  const trees = model.trees.map((tree) => compileTree(tree, builderOf));
  if (trees.some((tree) => !tree)) return undefined;
  return {
    program: { columns: finished.map(({ column }) => column), trees: trees as ProgramTree[] },
    columns: all.map(({ feature, reading }, i) => ({
      feature,
      reading,
      slotOf: (finished[i] as Finished).slotOf,
    })),
  };
}

type Reading = ReadColumn['reading'];
const readings: readonly Reading[] = ['none', 'zero', 'nan', 'category'];

function readingOf(type: number): Reading {
  if (type & categoricalBit) return 'category';
  const missing = type & missingMask;
  return missing === missingNaN ? 'nan' : missing === missingZero ? 'zero' : 'none';
}

const slotCountOf = (column: ProgramColumn): number =>
  column.kind === 'sets' ? column.slotCount : column.thresholds.length + 2;

interface Finished {
  readonly column: ProgramColumn;
  readonly slotOf: Uint16Array;
}

interface Builder {
  readonly feature: number;
  readonly reading: Reading;
  readonly index: number;
  add(tree: Tree, node: number): void;
  finish(): Finished;
  /** After `finish`. */
  testOf(tree: Tree, node: number): number;
}

function createBuilder(feature: number, reading: Reading, index: number): Builder {
  const part = reading === 'category' ? collectSets() : collectThresholds(reading !== 'none');
  return { feature, reading, index, ...part };
}

function collectThresholds(hasMissing: boolean): Pick<Builder, 'add' | 'finish' | 'testOf'> {
  const seen = new Set<number>();
  const places = new Map<number, number>();
  const sides = { left: false, right: false };
  return {
    add(tree, node) {
      seen.add(thresholdInEffect(tree.threshold[node] as number));
      sides[(tree.decisionType[node] as number) & defaultLeftBit ? 'left' : 'right'] = true;
    },
    finish() {
      const thresholds = Float64Array.from(seen).sort();
      thresholds.forEach((threshold, place) => places.set(threshold, place));
      const column = {
        kind: 'thresholds' as const,
        thresholds,
        missingIsZero: !hasMissing,
        missingLeft: hasMissing && sides.left,
        missingRight: hasMissing && sides.right,
      };
      return { column, slotOf: new Uint16Array(0) };
    },
    testOf: (tree, node) => places.get(thresholdInEffect(tree.threshold[node] as number)) as number,
  };
}

/** Categories that every set of the model treats alike share a slot: sets are told apart by refining a partition. */
function collectSets(): Pick<Builder, 'add' | 'finish' | 'testOf'> {
  const sets: (readonly number[])[] = [];
  const places = new Map<string, number>();
  const codesAt = (tree: Tree, node: number): number[] => {
    const set = tree.threshold[node] as number;
    return codesOf(tree.catThreshold.subarray(tree.catBoundaries[set], tree.catBoundaries[set + 1]));
  };
  return {
    add(tree, node) {
      const codes = codesAt(tree, node);
      const key = codes.join();
      if (places.has(key)) return;
      places.set(key, sets.length);
      sets.push(codes);
    },
    finish() {
      const limit = sets.reduce((most, codes) => Math.max(most, (codes.at(-1) ?? -1) + 1), 0);
      // Slot 0 keeps the codes that are in no set.
      const slotOf = new Uint32Array(limit);
      let slotCount = 1;
      for (const codes of sets) {
        const moved = new Map<number, number>();
        for (const code of codes) {
          const slot = slotOf[code] as number;
          if (!moved.has(slot)) moved.set(slot, slotCount++);
          slotOf[code] = moved.get(slot) as number;
        }
      }
      return renumber(slotOf, sets);
    },
    testOf: (tree, node) => places.get(codesAt(tree, node).join()) as number,
  };
}

/** Slots no code is left in are dropped. */
function renumber(slotOf: Uint32Array, sets: readonly (readonly number[])[]): Finished {
  const numbers = new Map<number, number>([[0, 0]]);
  for (const slot of slotOf) if (!numbers.has(slot)) numbers.set(slot, numbers.size);
  const compact = Uint16Array.from(slotOf, (slot) => numbers.get(slot) as number);
  const slotsOf = (codes: readonly number[]) => Uint16Array.from(new Set(codes.map((code) => compact[code] as number)));
  return { column: { kind: 'sets', slotCount: numbers.size, sets: sets.map(slotsOf) }, slotOf: compact };
}

function codesOf(words: Uint32Array): number[] {
  const codes: number[] = [];
  words.forEach((word, at) => {
    for (let bits = word; bits !== 0; bits = (bits & (bits - 1)) >>> 0) {
      codes.push(32 * at + 31 - Math.clz32(bits & -bits));
    }
  });
  return codes;
}

/** Undefined where nodes are no tree over all leaves: such a file is walked as it stands. */
function compileTree(tree: Tree, builderOf: (tree: Tree, node: number) => Builder): ProgramTree | undefined {
  const count = tree.leafCount - 1;
  if (count <= 0) return { ...emptyNodes(0), leafValue: tree.leafValue.slice(0, 1) };
  const order = levelOrder(tree);
  if (order.length !== count) return undefined;
  const sizes = new Int32Array(count);
  const sizeOf = (child: number) => (child < 0 ? 1 : (sizes[child] as number));
  for (const node of order.toReversed()) {
    sizes[node] = sizeOf(tree.leftChild[node] as number) + sizeOf(tree.rightChild[node] as number);
  }
  if (sizes[0] !== tree.leafCount) return undefined;
  const nodes = emptyNodes(count);
  const leafValue = new Float64Array(tree.leafCount);
  const from = new Int32Array(count);
  const place = (child: number, first: number) => {
    if (child < 0) leafValue[first] = tree.leafValue[~child] as number;
    else from[child] = first;
  };
  order.forEach((node, i) => {
    const builder = builderOf(tree, node);
    const [left, right] = [tree.leftChild[node] as number, tree.rightChild[node] as number];
    const low = from[node] as number;
    nodes.column[i] = builder.index;
    nodes.test[i] = builder.testOf(tree, node);
    nodes.missingRight[i] = (tree.decisionType[node] as number) & defaultLeftBit ? 0 : 1;
    nodes.low[i] = low;
    nodes.middle[i] = low + sizeOf(left);
    nodes.high[i] = low + (sizes[node] as number);
    place(left, low);
    place(right, low + sizeOf(left));
  });
  return { ...nodes, leafValue };
}

function emptyNodes(count: number) {
  return {
    column: new Int32Array(count),
    test: new Int32Array(count),
    missingRight: new Uint8Array(count),
    low: new Int32Array(count),
    middle: new Int32Array(count),
    high: new Int32Array(count),
  };
}

/** Inner nodes from the root, level by level: a node does not wait for the result of its neighbour. */
export function levelOrder({ leftChild, rightChild, leafCount }: Tree): number[] {
  const order = [0];
  for (let i = 0; i < order.length && order.length < leafCount; i++) {
    const node = order[i] as number;
    for (const child of [leftChild[node] as number, rightChild[node] as number]) if (child >= 0) order.push(child);
  }
  return order;
}
