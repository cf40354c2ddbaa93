import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { createRandom } from '../shared/random.ts';
import { fillBins, putBin } from './bin-set.ts';
import type { SplitInfo, Sums } from './boosting-engine.ts';
import { createBoostingEngine } from './boosting-engine.ts';
import type { Kernels } from './kernels.ts';
import { referenceKernels } from './kernels.ts';

const rows = 3000;
const width = 37;

/** Splits the root and then both children by the best split of their level; gives both levels' splits and sums. */
async function growTwoLevels(kernels: Kernels, lambdaL1: number) {
  const random = createRandom(4);
  const kinds = Array.from({ length: width }, (_, f) => (f % 5 === 3 ? 'numberWithMissing' : 'number'));
  const binCounts = kinds.map((_, f) => (f === 0 ? 255 : 2 + ((f * 7) % 60)));
  const engine = await createBoostingEngine(kernels, {
    rows,
    allRows: rows,
    features: kinds.map((kind, f) => ({
      kind: kind as 'number' | 'numberWithMissing',
      binCount: binCounts[f] as number,
    })),
    maxLeaves: 8,
    isWeighted: false,
    settings: {
      lambdaL1,
      lambdaL2: 3,
      minDataInLeaf: 20,
      minSumHessian: 0,
      minGain: 0,
      positiveWeight: 1,
      negativeWeight: 1,
      catL2: 10,
      catSmooth: 10,
      minDataPerGroup: 100,
      maxCatThreshold: 32,
      maxCatToOnehot: 4,
    },
  });
  const bins = binCounts.map((count) => Uint8Array.from({ length: rows }, () => random.integer(count)));
  engine.loadColumns(bins);
  // Missing (the last bin of column 3) converts more often, and so does a high column 0 where column 5 is low.
  const labels = Uint8Array.from({ length: rows }, (_, row) => {
    const missing = bins[3]?.[row] === (binCounts[3] as number) - 1;
    const high = (bins[0]?.[row] as number) > 120 && (bins[5]?.[row] as number) < 20;
    return Number(random.next() < 0.1 + (missing ? 0.6 : 0) + (high ? 0.25 : 0));
  });
  engine.loadLabels(labels, undefined);
  engine.setScores(0);
  const root = engine.beginTree(new Uint8Array(width).fill(1), undefined);
  const first = engine.scanLevel([{ slot: 0, sums: root.sums }]) as SplitInfo;
  const valueBins = (binCounts[first.feature] as number) - Number(kinds[first.feature] === 'numberWithMissing');
  fillBins(engine.leftBins(0), first.bin + 1);
  putBin(engine.leftBins(0), valueBins, first.defaultLeft);
  const left = engine.leftSums(0, first.feature, 0);
  const right = { g: root.sums.g - left.g, h: root.sums.h - left.h };
  const { leftCount } = engine.split({
    start: 0,
    count: rows,
    feature: first.feature,
    node: 0,
    hasParent: true,
    smallSlot: 1,
    largeSlot: 0,
    scan: 'histograms',
    left,
    right,
  });
  const isLeftSmall = leftCount <= rows - leftCount;
  const second = engine.scanLevel([
    { slot: isLeftSmall ? 1 : 0, sums: left },
    { slot: isLeftSmall ? 0 : 1, sums: right },
  ]) as SplitInfo;
  engine.close();
  return { root: root.sums, first, left, right, leftCount, second, bins, labels };
}

function score({ g, h }: Sums): number {
  return (g * g) / (h + 3);
}

test("a level's split is the same with threads, without, and in the TypeScript twin, with and without L1", async () => {
  for (const l1 of [0, 0.5]) {
    const expected = await growTwoLevels(referenceKernels, l1);
    for (const threads of [1, 2]) {
      expect(await growTwoLevels(createNodeKernels({ threads }), l1)).toEqual(expected);
    }
  }
});

test('the root splits off missing values, and the level below is split by what serves both leaves together', async () => {
  const { first, second, left, leftCount, bins, labels } = await growTwoLevels(createNodeKernels({ threads: 1 }), 0);
  expect([first.feature, second.feature]).toEqual([3, 0]);
  expect(leftCount).toBeGreaterThan(rows / 2);
  expect(left.h).toBeGreaterThan(0);
  // Counted by hand: all scores are 0, so a row's gradient is 0.5 - label and its hessian 0.25.
  const isMissing = (row: number) => bins[3]?.[row] === 22;
  const gainAt = (bin: number) => {
    const sums = Array.from({ length: 4 }, () => ({ g: 0, h: 0 }));
    for (let row = 0; row < rows; row++) {
      const child = (isMissing(row) ? 2 : 0) + Number((bins[0]?.[row] as number) > bin);
      const own = sums[child] as { g: number; h: number };
      own.g += 0.5 - (labels[row] as number);
      own.h += 0.25;
    }
    return sums.reduce((sum, each) => sum + score(each), 0);
  };
  const gains = Array.from({ length: 254 }, (_, bin) => gainAt(bin));
  const best = gains.indexOf(Math.max(...gains));
  expect(second.bin).toBe(best);
});
