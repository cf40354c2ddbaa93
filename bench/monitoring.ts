import { mkdirSync, rmSync } from 'node:fs';
import { createFrame, type Frame, sliceRows } from '../src/core/data/frame.ts';
import { createLiveWindow, mergeCounts } from '../src/core/monitoring/live-window.ts';
import { compareWithReference, makeReferenceWindow } from '../src/core/monitoring/window.ts';
import { createRandom } from '../src/core/shared/random.ts';
import { pythonWith, runJson } from './harness/python.ts';
import { type Bench, type BenchRow, compare, within } from './harness/row.ts';
import { playWeeks } from './monitoring/weeks.ts';

const peers = ['evidently==0.7.23', 'pandas==2.3.3', 'numpy==2.4.6', 'scipy==1.17.1'] as const;
const sizes = ['100000', '50000', '65'] as const;

interface Figures {
  readonly seconds: number;
  readonly psi: readonly number[];
}

/** Drift measures and report against Evidently; counts of parts; how soon drift is called, and how often without any. */
export const bench: Bench = async ({ runs }) => {
  const python = pythonWith('monitoring', peers);
  const folder = 'artifacts/bench/monitoring';
  mkdirSync(folder, { recursive: true });
  try {
    return [...measureSpeed(python, folder, runs), await measureParts(), ...(await playWeeks())];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function measureSpeed(python: string, folder: string, runs: number): BenchRow[] {
  const theirs: (Figures & { readonly pageMb: number; readonly peakMb: number })[] = [];
  const ours: (Figures & { readonly grownMb: number; readonly compareSeconds: number })[] = [];
  for (let run = 0; run < runs; run++) {
    theirs.push(runJson(python, ['bench/peers/monitoring.py', folder, ...sizes]));
    ours.push(runJson(process.execPath, ['--import', 'tsx', 'bench/monitoring/compare.child.ts', folder, ...sizes]));
  }
  const farthest = Math.max(
    ...(ours[0]?.psi ?? []).map((value, i) => Math.abs(value - (theirs[0]?.psi[i] ?? Number.NaN))),
  );
  const seconds = theirs.map((each) => each.seconds);
  const against = { unit: 's', peer: seconds };
  return [
    compare({
      ...against,
      must: 10,
      aim: 50,
      name: 'nine measures of 65 columns, 100,000 against 50,000 rows; Evidently PSI alone',
      ours: ours.map((each) => each.compareSeconds),
      why: `against a reference window at hand; its own PSI differs from Evidently's by at most ${farthest.toExponential(1)}`,
    }),
    compare({
      ...against,
      name: 'the same, the reference window made anew',
      ours: ours.map((each) => each.seconds),
      why: 'which happens once for a model, and also learns how the features hang together',
    }),
    within(
      'memory that the comparison adds',
      'MB',
      Math.min(...theirs.map((each) => each.peakMb)),
      ours.map((each) => each.grownMb),
      "limit: what Evidently's process holds",
    ),
  ];
}

/** PSI of a window counted in sixteen parts against the same counted at once. */
async function measureParts(): Promise<BenchRow> {
  const random = createRandom(16);
  const draw = (rowCount: number, shift: number): { features: Frame; propensity: Float64Array } => ({
    features: createFrame(
      Array.from({ length: 20 }, (_, i) => ({
        kind: 'number' as const,
        name: `f${i}`,
        values: Float64Array.from({ length: rowCount }, () => random.normal() * (1 + shift) + shift),
      })),
    ),
    propensity: Float64Array.from({ length: rowCount }, random.next),
  });
  const before = draw(50_000, 0);
  const now = draw(32_000, 0.1);
  const reference = makeReferenceWindow({ ...before, rows: Uint32Array.from(before.propensity, (_, row) => row) });
  const exact = await compareWithReference(reference, now.features, now.propensity);
  const live = createLiveWindow(reference);
  const parts = Array.from({ length: 16 }, (_, i) =>
    live.count(sliceRows(now.features, i * 2000, (i + 1) * 2000), now.propensity.subarray(i * 2000, (i + 1) * 2000)),
  );
  const { features } = live.drift(parts.reduce(mergeCounts));
  const gaps = features.map(({ feature, psi }) =>
    Math.abs(psi - (exact.features.find((each) => each.feature === feature)?.psi ?? Number.NaN)),
  );
  const worst = Math.max(...gaps);
  return {
    name: 'PSI from 16 merged parts against exact',
    ours: worst,
    peer: 0.002,
    unit: 'PSI',
    ratio: 0.002 / Math.max(worst, 1e-6),
    must: 1,
    aim: 4,
    why: 'counts in the reference bins add up; ratio = 0.002 / ours, of at least 10⁻⁶',
  };
}
