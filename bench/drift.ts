import { judgeNoise } from '../src/core/monitoring/alarms.ts';
import { createRandom } from '../src/core/shared/random.ts';
import { drawPair, drawReport, even, type WindowSizes, zipf } from '../src/testing/drift-reports.ts';
import type { Bench, BenchRow } from './harness/row.ts';

const reportsWithout = 1_000;
const reportsWith = 200;
const most = { must: 0.05, aim: 0.01 };
const nows = [500, 2_000, 10_000, 50_000];
const withReference = nows.map((now): WindowSizes => ({ before: 30_000, now }));
const moving = [
  { name: 'number of ten bins', kind: 'number', weights: even(10) },
  { name: 'category of 100 levels', kind: 'category', weights: zipf(100) },
] as const;

/** How many reports of 60 features alarm without drift, and how many find one feature whose true PSI is 0.1, 0.15 or 0.2. */
export const bench: Bench = async () => [
  ...[{ before: 500, now: 500 }, ...withReference].map(falseAlarms),
  ...moving.flatMap((feature) =>
    [0.1, 0.15, 0.2].flatMap((psi) => withReference.map((sizes) => power(feature, psi, sizes))),
  ),
];

function falseAlarms(sizes: WindowSizes): BenchRow {
  const next = createRandom(sizes.before + sizes.now).next;
  let alarming = 0;
  for (let report = 0; report < reportsWithout; report++) {
    if (judgeNoise(drawReport(sizes, next)).some(({ alarm }) => alarm)) alarming++;
  }
  const share = alarming / reportsWithout;
  return {
    name: `reports without drift that alarm, ${sizes.before} against ${sizes.now}`,
    ours: share,
    peer: most.must,
    unit: 'share',
    ratio: most.must / Math.max(share, 1 / reportsWithout),
    must: 1,
    aim: most.must / most.aim,
    why: `${alarming} of ${reportsWithout} reports of 60 features; ratio = ${most.must} / ours`,
  };
}

function power({ name, kind, weights }: (typeof moving)[number], psi: number, sizes: WindowSizes): BenchRow {
  const next = createRandom(sizes.now + psi * 1000).next;
  const weightsNow = tiltTo(weights, psi);
  let found = 0;
  // Features that stay below the band count in the correction only: no need to draw them.
  const still = Array.from({ length: 59 }, () => ({ ...drawPair('number', even(10), sizes, next), psi: 0 }));
  for (let report = 0; report < reportsWith; report++) {
    const moved = drawPair(kind, weights, sizes, next, weightsNow);
    if (judgeNoise([moved, ...still])[0]?.alarm) found++;
  }
  const share = found / reportsWith;
  return {
    name: `found at true PSI ${psi}: ${name}, ${sizes.before} against ${sizes.now}`,
    ours: share,
    peer: null,
    unit: 'share',
    ratio: share,
    must: null,
    aim: null,
    why: `${found} of ${reportsWith} reports in which this one feature of 60 moved`,
  };
}

/** The shares times e^(t·rank), with the t whose PSI against them is the one asked for. */
function tiltTo(weights: readonly number[], psi: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const tilted = (t: number): number[] => {
    const raised = shares.map((share, i) => share * Math.exp((t * i) / shares.length));
    const all = raised.reduce((sum, each) => sum + each, 0);
    return raised.map((each) => each / all);
  };
  const psiOf = (now: readonly number[]): number =>
    now.reduce((sum, share, i) => sum + (share - (shares[i] as number)) * Math.log(share / (shares[i] as number)), 0);
  let low = 0;
  let high = 10;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (psiOf(tilted(middle)) < psi) low = middle;
    else high = middle;
  }
  return tilted(low);
}
