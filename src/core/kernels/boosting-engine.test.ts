import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { createRandom } from '../shared/random.ts';
import { fillBins } from './bin-set.ts';
import type { SplitAnswer } from './boosting-engine.ts';
import { createBoostingEngine } from './boosting-engine.ts';
import type { Kernels } from './kernels.ts';
import { referenceKernels } from './kernels.ts';

const rows = 3000;
const settings = {
  lambdaL1: 0,
  lambdaL2: 1,
  minDataInLeaf: 5,
  minSumHessian: 1e-3,
  minGain: 0,
  positiveWeight: 2,
  negativeWeight: 1,
  catL2: 10,
  catSmooth: 10,
  minDataPerGroup: 20,
  maxCatThreshold: 32,
  maxCatToOnehot: 4,
};

/** An engine over 18 features: numbers, one with missing, one of many bins, one category. */
async function makeEngine(kernels: Kernels) {
  const kinds = Array.from({ length: 18 }, (_, f): 'number' | 'numberWithMissing' | 'category' =>
    f === 3 ? 'numberWithMissing' : f === 17 ? 'category' : 'number',
  );
  const engine = await createBoostingEngine(kernels, {
    rows,
    allRows: rows,
    features: kinds.map((kind, f) => ({ kind, binCount: f === 1 ? 600 : 30 })),
    maxLeaves: 31,
    isWeighted: false,
    settings,
  });
  const random = createRandom(2);
  const bins = kinds.map((_, f) =>
    f === 1
      ? Uint16Array.from({ length: rows }, () => random.integer(600))
      : Uint8Array.from({ length: rows }, () => random.integer(30)),
  );
  engine.loadColumns(bins);
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    Number(random.next() * 60 < 5 + (bins[0]?.[row] as number) + ((bins[1]?.[row] as number) > 450 ? 15 : 0)),
  );
  engine.loadLabels(labels, undefined);
  engine.setScores(-0.5);
  return { engine, bins };
}

async function splitOnce(kernels: Kernels, hasParent: boolean): Promise<SplitAnswer> {
  const { engine } = await makeEngine(kernels);
  const root = engine.beginTree(new Uint8Array(18).fill(1), undefined);
  const best = root.best as NonNullable<typeof root.best>;
  fillBins(engine.leftBins(0), best.bin + 1);
  const right = { g: root.sums.g - best.left.g, h: root.sums.h - best.left.h };
  const largeSlot = hasParent ? 0 : 2;
  return engine.split({
    start: 0,
    count: rows,
    feature: best.feature,
    node: 0,
    hasParent,
    smallSlot: 1,
    largeSlot,
    scan: true,
    left: best.left,
    right,
  });
}

test("the larger child's histogram by subtraction is the one summed row by row", async () => {
  for (const kernels of [createNodeKernels({ threads: 1 }), referenceKernels]) {
    const subtracted = await splitOnce(kernels, true);
    expect(subtracted.left).toBeDefined();
    expect(subtracted.right?.feature).toBe(1);
    expect(await splitOnce(kernels, false)).toEqual(subtracted);
  }
});

test('the root holds the sums of all rows, splits by the column that decides, and rows move as its bins say', async () => {
  const { engine, bins } = await makeEngine(createNodeKernels({ threads: 1 }));
  const allowed = new Uint8Array(18).fill(1);
  allowed[3] = 0;
  allowed[17] = 0;
  const { sums, count, best } = engine.beginTree(allowed, undefined);
  expect(count).toBe(rows);
  // All rows share one score, so gradients and hessians follow from the label alone.
  expect(sums.h).toBeGreaterThan(2_000_000_000);
  expect(sums.h).toBeLessThan(2_147_483_648);
  expect(best?.feature).toBe(0);
  const left = Array.from(bins[0] ?? [], (bin) => bin <= (best?.bin as number)).filter(Boolean).length;
  fillBins(engine.leftBins(0), (best?.bin as number) + 1);
  const none = { g: 0, h: 0 };
  const answer = engine.split({
    start: 0,
    count,
    feature: 0,
    node: 0,
    hasParent: true,
    smallSlot: 1,
    largeSlot: 0,
    scan: false,
    left: none,
    right: none,
  });
  expect(answer).toEqual({ leftCount: left, left: undefined, right: undefined });
});
