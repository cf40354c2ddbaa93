import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { createRandom } from '../shared/random.ts';
import type { BoostingPlan } from './boosting-engine.ts';
import { createBoostingEngine } from './boosting-engine.ts';
import type { Crew } from './crew.ts';
import type { Kernels } from './kernels.ts';

const MiB = 1024 * 1024;
const pool = 256 * MiB;
const settings: BoostingPlan['settings'] = {
  lambdaL1: 0,
  lambdaL2: 0,
  minDataInLeaf: 1,
  minSumHessian: 0,
  minGain: 0,
  positiveWeight: 1,
  negativeWeight: 1,
  catL2: 10,
  catSmooth: 10,
  minDataPerGroup: 100,
  maxCatThreshold: 32,
  maxCatToOnehot: 4,
};

/** An engine for like columns, and its crew, whose memory is all that the kernel has. */
async function makeEngine(rows: number, width: number, binCount: number, maxLeaves: number) {
  let crew: Crew | undefined;
  const kernels: Kernels = {
    createCrew: async (...asked) => (crew = await createNodeKernels({ threads: 1 }).createCrew?.(...asked)) as Crew,
  };
  const features = Array.from({ length: width }, () => ({ binCount, kind: 'number' as const }));
  const engine = await createBoostingEngine(kernels, {
    rows,
    allRows: rows,
    features,
    maxLeaves,
    isWeighted: false,
    settings,
  });
  return { engine, bytes: (crew as Crew).memory.buffer.byteLength };
}

test.each([
  ['2,000 features of 255 bins', 2000, 255, 65],
  ['500 features of 2,000 bins', 500, 2000, 33],
  ['200 features of 65,535 bins, which need three histograms at the least', 200, 65_535, 3],
])('4,096 leaves keep as many histograms as 256 MiB hold: %s', async (_, width, binCount, slots) => {
  const rows = 60;
  const { engine, bytes } = await makeEngine(rows, width, binCount, 4096);
  expect(engine.slotCount).toBe(slots);
  const histograms = slots * width * 8 * binCount;
  // Sets of bins for 4,096 nodes, a test of each and what features and rows take.
  expect(bytes).toBeLessThan(Math.max(pool, histograms) + 48 * MiB);
  const random = createRandom(1);
  const codes = Array.from({ length: rows }, () => random.integer(binCount));
  const bins = binCount > 256 ? Uint16Array.from(codes) : Uint8Array.from(codes);
  engine.loadColumns(Array.from({ length: width }, () => bins));
  engine.loadLabels(
    Uint8Array.from({ length: rows }, () => random.integer(2)),
    undefined,
  );
  engine.setScores(0);
  expect(engine.beginTree(new Uint8Array(width).fill(1), undefined).best?.gain).toBeGreaterThan(0);
  engine.close();
});

test('more than 4 GB is refused by name before any of it is asked for', async () => {
  await expect(makeEngine(60, 3000, 65_535, 31)).rejects.toMatchObject({ code: 'kernel.unavailable' });
});
