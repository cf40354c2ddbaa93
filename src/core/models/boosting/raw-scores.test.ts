import { beforeAll, expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import type { Column, Frame } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import type { TreeScoring } from '../../kernels/tree-scoring.ts';
import { openTreeScoring } from '../../kernels/tree-scoring.ts';
import type { Random } from '../../shared/random.ts';
import { createRandom } from '../../shared/random.ts';
import type { BoostingModel, Tree } from './boosting-model.ts';
import { binRows, scoreBinnedRows } from './binned-rows.ts';
import { compileTrees } from './compile-trees.ts';
import { goesLeft, zeroThreshold } from './decision.ts';
import { boostingRawScores } from './raw-scores.ts';

let scoring: TreeScoring;
beforeAll(async () => {
  scoring = (await openTreeScoring(createNodeKernels({ threads: 1 }))) as TreeScoring;
});

interface Shape {
  readonly trees: number;
  readonly leaves: number;
  /** Kinds of the features: a number, a number that trees split by category, a category. */
  readonly features: readonly ('number' | 'code' | 'category')[];
  readonly thresholds: (random: Random) => number;
}

const levels = Array.from({ length: 40 }, (_, i) => `level ${i}`);

/** Trees of every decision type, split at random leaves: some deep, some wide. */
function randomModel(random: Random, shape: Shape): BoostingModel {
  const features = shape.features.map((kind, i) =>
    kind === 'category'
      ? { name: `x${i}`, kind: 'category' as const, levels, info: 'none' }
      : { name: `x${i}`, kind: 'number' as const, info: 'none' },
  );
  const trees = Array.from({ length: shape.trees }, () => randomTree(random, shape, 1 + random.integer(shape.leaves)));
  return { kind: 'boosting', features, trees, parameters: {} };
}

function randomTree(random: Random, { features, thresholds }: Shape, leafCount: number): Tree {
  const splitFeature: number[] = [];
  const threshold: number[] = [];
  const decisionType: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const boundaries = [0];
  const words: number[] = [];
  // Where each leaf hangs: LightGBM gives the left side the split leaf's number and the right side the next new one.
  const parents: { readonly node: number; readonly side: number[] }[] = [{ node: -1, side: left }];
  for (let node = 0; node < leafCount - 1; node++) {
    const leaf = random.integer(parents.length);
    const { node: parent, side } = parents[leaf] as (typeof parents)[0];
    if (parent >= 0) side[parent] = node;
    parents[leaf] = { node, side: left };
    parents.push({ node, side: right });
    left[node] = ~leaf;
    right[node] = ~(node + 1);
    const feature = random.integer(features.length);
    splitFeature.push(feature);
    if (features[feature] === 'number') {
      threshold.push(thresholds(random));
      decisionType.push([0, 4, 8][random.integer(3)]! + 2 * random.integer(2));
    } else {
      threshold.push(boundaries.length - 1);
      decisionType.push(1 + [0, 4, 8][random.integer(3)]!);
      const count = random.integer(3);
      for (let i = 0; i < count; i++) words.push(random.integer(2) ? random.integer(2 ** 32) : 1 << random.integer(31));
      boundaries.push(words.length);
    }
  }
  const unused = new Float64Array(leafCount);
  return {
    leafCount,
    splitFeature: Int32Array.from(splitFeature),
    threshold: Float64Array.from(threshold),
    decisionType: Uint8Array.from(decisionType),
    leftChild: Int32Array.from(left),
    rightChild: Int32Array.from(right),
    splitGain: unused,
    leafValue: unused.map(() => random.normal() * 10 ** (random.integer(6) - 4)),
    leafWeight: unused,
    leafCountRows: new Int32Array(leafCount),
    internalValue: unused,
    internalWeight: unused,
    internalCount: new Int32Array(leafCount),
    catBoundaries: Int32Array.from(boundaries),
    catThreshold: Uint32Array.from(words),
    shrinkage: 1,
  };
}

const bits = new DataView(new ArrayBuffer(8));
/** The double next to `value`, in either direction. */
function neighbour(value: number, step: 1n | -1n): number {
  if (!Number.isFinite(value) || value === 0) return value === 0 ? 5e-324 * Number(step) : value;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + step);
  return bits.getFloat64(0);
}

/** Rows made to hurt: thresholds, their neighbours, zeros and what counts as zero, missing, infinite, no category. */
function adversarialRows(random: Random, model: BoostingModel, rowCount: number): Frame {
  const odd = [
    Number.NaN, 0, -0, 1e-35, -1e-35, zeroThreshold, -zeroThreshold, neighbour(zeroThreshold, 1n), 5e-324, -5e-324,
    Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.7976931348623157e308, -1.7976931348623157e308,
    -0.5, -1, 0.5, 3.9, 31, 31.999, 32, 63, 64, 95, 96, 2 ** 31, 2 ** 32, 1e20, 7,
  ]; // biome-ignore format: a list
  const columns = model.features.map((feature, index): Column => {
    if (feature.kind === 'category') {
      // Other levels in another order: some that the model knows, some that it does not.
      const own = ['unseen', ...levels.toReversed().slice(3), 'another'];
      const codes = Int32Array.from({ length: rowCount }, () => random.integer(own.length + 1) - 1);
      return { kind: 'category', name: feature.name, codes, levels: own };
    }
    const thresholds = model.trees.flatMap((tree) =>
      Array.from(tree.threshold).filter((_, node) => tree.splitFeature[node] === index),
    );
    const values = Float64Array.from({ length: rowCount }, () => {
      const threshold = thresholds[random.integer(Math.max(1, thresholds.length))] ?? 0;
      const any = [threshold, neighbour(threshold, 1n), neighbour(threshold, -1n), random.normal(), random.integer(99)];
      return [...any, odd[random.integer(odd.length)]!][random.integer(6)]!;
    });
    return { kind: 'number', name: feature.name, values };
  });
  return createFrame(columns);
}

/** LightGBM's own way: one row down one tree after the other. */
function plainScores(model: BoostingModel, features: Frame): Float64Array {
  return Float64Array.from({ length: features.rowCount }, (_, row) => {
    let sum = 0;
    for (const tree of model.trees) {
      let node = tree.leafCount > 1 ? 0 : -1;
      while (node >= 0) {
        const index = tree.splitFeature[node]!;
        const column = features.columns[index] as Column;
        const feature = model.features[index]!;
        const value =
          column.kind === 'category'
            ? feature.levels!.indexOf(column.levels[column.codes[row]!] ?? '') + 1
            : (column as { values: Float64Array }).values[row]!;
        node = (goesLeft(tree, node, value) ? tree.leftChild : tree.rightChild)[node]!;
      }
      sum += tree.leafValue[~node]!;
    }
    return sum;
  });
}

const anyKind = ['number', 'number', 'number', 'code', 'category'] as const;
const shapes: Record<string, Shape> = {
  'numbers of every missing type, codes and categories': {
    trees: 20,
    leaves: 31,
    features: anyKind,
    thresholds: (random) => random.normal(),
  },
  'few thresholds: zeros, infinities and what counts as zero': {
    trees: 9,
    leaves: 6,
    features: ['number', 'number'],
    thresholds: (random) =>
      [0, -0, zeroThreshold, -zeroThreshold, Infinity, -Infinity, 1e308, -1e308, 5e-324, 1][random.integer(10)]!,
  },
  'trees of up to 256 leaves': { trees: 6, leaves: 256, features: anyKind, thresholds: (random) => random.normal() },
  'trees of more than 256 leaves': {
    trees: 3,
    leaves: 700,
    features: anyKind,
    thresholds: (random) => random.normal(),
  },
  'more than 255 thresholds of one feature, crowded over many sizes': {
    trees: 40,
    leaves: 60,
    features: ['number', 'category'],
    thresholds: (random) => random.normal() * 10 ** (random.integer(60) - 30),
  },
  'trees of one leaf': { trees: 4, leaves: 1, features: ['number'], thresholds: () => 0 },
};

test.each(Object.entries(shapes))('the kernel, the walkers and a plain walk give the same bits: %s', (_, shape) => {
  for (let seed = 0; seed < 4; seed++) {
    const random = createRandom(seed);
    const model = randomModel(random, shape);
    const rows = adversarialRows(random, model, [1, 300, 1024, 1500][seed]!);
    const walked = boostingRawScores(model, rows);
    expect(walked).toEqual(plainScores(model, rows));
    expect(boostingRawScores(model, rows, scoring)).toEqual(walked);
  }
});

test('the kernel takes trees of up to 256 leaves and leaves larger ones to the walkers', () => {
  const shape = { trees: 1, features: anyKind, thresholds: (random: Random) => random.normal() };
  const leaves = (count: number) => ({
    ...randomModel(createRandom(1), { ...shape, leaves: 1 }),
    trees: [randomTree(createRandom(1), { ...shape, leaves: count }, count)],
  });
  expect(compileTrees(leaves(256))).toBeDefined();
  expect(compileTrees(leaves(257))).toBeUndefined();
});

test.each([2, 8, 9, 31, 32, 33, 64, 129, 255, 256])('every leaf of a tree of %i leaves is found', (count) => {
  const random = createRandom(count);
  const shape = { trees: 0, leaves: 1, features: anyKind, thresholds: () => random.normal() };
  const model = { ...randomModel(random, shape), trees: [randomTree(random, shape, count)] };
  const rows = adversarialRows(random, model, 600);
  expect(boostingRawScores(model, rows, scoring)).toEqual(plainScores(model, rows));
  expect(scoreBinnedRows(model, binRows(model, rows), scoring)).toEqual(plainScores(model, rows));
});

test('models scored in turns, in any order and amount, do not disturb each other', () => {
  const [a, b] = [1, 2].map((seed) => randomModel(createRandom(seed), { ...shapes['trees of up to 256 leaves']! })) as [
    BoostingModel,
    BoostingModel,
  ];
  const rows = adversarialRows(createRandom(3), a, 700);
  const [first, second] = [a, b].map((model) => boostingRawScores(model, rows)) as [Float64Array, Float64Array];
  for (let turn = 0; turn < 3; turn++) {
    expect(boostingRawScores(a, rows, scoring)).toEqual(first);
    expect(boostingRawScores(b, rows, scoring)).toEqual(second);
  }
});
