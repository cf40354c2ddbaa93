import { createFrame, type Frame, sliceRows } from '../../src/core/data/frame.ts';
import { figuresOf } from '../../src/core/monitoring/alerts/figures.ts';
import { defaultAlertRules } from '../../src/core/monitoring/alerts/rules.ts';
import { type AlertState, stepAlerts } from '../../src/core/monitoring/alerts/step.ts';
import { assessWindow, type WindowAssessment } from '../../src/core/monitoring/assess.ts';
import { recordOf, type WindowRecord } from '../../src/core/monitoring/history.ts';
import { type CustomerPool, type DriftKind, simulateWindow, strengthAt } from '../../src/core/monitoring/simulate.ts';
import { makeReferenceWindow, type ReferenceWindow } from '../../src/core/monitoring/window.ts';
import { reportHtml } from '../../src/core/reports/html-report.ts';
import { monitoringReport } from '../../src/core/reports/monitoring-report.ts';
import { sigmoid } from '../../src/core/shared/exact-math.ts';
import { createRandom } from '../../src/core/shared/random.ts';
import { type BenchRow, within } from '../harness/row.ts';

const columns = 60;
const weekRows = 2_000;
const quietWeeks = 100;
const plays = 5;
const begins = 4;
const weeks = 14;

const drifts: readonly { readonly name: string; readonly drift: DriftKind }[] = [
  { name: 'covariate', drift: { kind: 'covariate', column: 'f0' } },
  { name: 'prior', drift: { kind: 'prior' } },
  { name: 'concept', drift: { kind: 'concept' } },
  { name: 'broken column', drift: { kind: 'broken', column: 'f1' } },
  { name: 'unit × 100', drift: { kind: 'unit', column: 'f2' } },
  { name: 'new category', drift: { kind: 'new-category', column: 'c' } },
  { name: 'missing burst', drift: { kind: 'missing', column: 'f3' } },
];

/** Weeks of 2,000 customers × 60 features with known outcomes: alerts without drift, and weeks until one fires with it. */
export async function playWeeks(): Promise<BenchRow[]> {
  const { pool, reference } = makePool();
  const play = (drift: DriftKind | undefined, strength: number, seed: number): Promise<WindowAssessment> => {
    const { frame, labels } = simulateWindow(pool, weekRows, drift, strength, seed);
    return assessWindow({
      name: `week ${seed}`,
      window: reference,
      features: frame,
      scores: scoresOf(frame),
      cutoffs: { high: 0.7, medium: 0.4, cut: 0.6 },
      economics: { valuePerConversion: 40, costPerContact: 4 },
      labels: { labels, lastOutcomeDay: Number.NaN, strangers: 0, repeated: 0 },
      seed: 1,
    });
  };
  let drifting = 0;
  let dropping = 0;
  const history: WindowRecord[] = [];
  let last: WindowAssessment | undefined;
  for (let week = 0; week < quietWeeks; week++) {
    last = await play(undefined, 0, 1000 + week);
    if (last.drift.features.some(({ alarm }) => alarm) || last.drift.score.alarm) drifting++;
    if (last.verdict.dropped.length > 0) dropping++;
    history.push(recordOf(last, []));
  }
  const report = reportHtml(
    monitoringReport(last as WindowAssessment, { currency: 'EUR', model: 'bench', history, events: [] }),
  );
  const share = (name: string, count: number, why: string): BenchRow => ({
    name,
    ours: count / quietWeeks,
    peer: 0.05,
    unit: 'share',
    ratio: 0.05 / Math.max(count / quietWeeks, 1 / quietWeeks),
    must: 1,
    aim: 5,
    why: `${count} of ${quietWeeks} weeks; ${why}`,
  });
  const rows = [
    share(
      'weeks without drift in which a feature or the score alarms',
      drifting,
      'bench drift counts thousands of reports',
    ),
    share('weeks without drift in which a performance figure alarms', dropping, 'five figures, Holm-corrected'),
    within('report of a window and 100 weeks of history', 'MB', 3, [report.length / 1e6], 'as HTML with inline SVG'),
  ];
  for (const { name, drift } of drifts) {
    for (const shape of ['sudden', 'gradual'] as const) rows.push(await delay(name, drift, shape, play));
  }
  return rows;
}

/** Mean weeks from the first with drift to the first alert, over several plays; one that is missed counts to the end. */
async function delay(
  name: string,
  drift: DriftKind,
  shape: 'sudden' | 'gradual',
  play: (drift: DriftKind, strength: number, seed: number) => Promise<WindowAssessment>,
): Promise<BenchRow> {
  const waits: number[] = [];
  let missed = 0;
  for (let run = 0; run < plays; run++) {
    let states: readonly AlertState[] = [];
    let wait = weeks - begins;
    for (let week = begins; week < weeks; week++) {
      const strength = strengthAt({ shape, from: begins, over: 8, strength: 1 }, week);
      const window = await play(drift, strength, 10_000 * (run + 1) + week);
      const stepped = stepAlerts(defaultAlertRules, states, figuresOf(window), window.name);
      states = stepped.states;
      if (stepped.events.some(({ change }) => change === 'firing')) {
        wait = week - begins;
        break;
      }
    }
    if (wait === weeks - begins) missed++;
    waits.push(wait);
  }
  return {
    name: `weeks until an alert: ${name}, ${shape}`,
    ours: waits.reduce((sum, wait) => sum + wait, 0) / plays,
    peer: null,
    unit: 'weeks',
    ratio: null,
    must: null,
    aim: null,
    why: `${plays} plays, ${missed} missed${shape === 'gradual' ? '; full strength after 8 weeks' : ''}`,
  };
}

function makePool(): { readonly pool: CustomerPool; readonly reference: ReferenceWindow } {
  const random = createRandom(9);
  const rowCount = 60_000;
  const frame = createFrame([
    ...Array.from({ length: columns - 1 }, (_, i) => ({
      kind: 'number' as const,
      name: `f${i}`,
      values: Float64Array.from({ length: rowCount }, random.normal),
    })),
    {
      kind: 'category',
      name: 'c',
      levels: ['a', 'b', 'c', 'd'],
      codes: Int32Array.from({ length: rowCount }, () => random.integer(4)),
    },
  ]);
  const { propensity, probability } = scoresOf(frame);
  const labels = Int8Array.from(probability, (chance) => (random.next() < chance ? 1 : 0));
  // The first half is the reference, the second half later customers.
  const rows = Uint32Array.from({ length: rowCount / 2 }, (_, row) => row);
  const reference = makeReferenceWindow({
    features: frame,
    rows,
    propensity,
    outcomes: { labels, probability, cut: 0.6 },
  });
  const later = sliceRows(frame, rowCount / 2, rowCount);
  return { pool: { frame: later, labels: labels.subarray(rowCount / 2) }, reference };
}

/** A known model: what the outcomes are drawn from. */
function scoresOf({ columns: all }: Frame): { readonly propensity: Float64Array; readonly probability: Float64Array } {
  const [x, y] = all.map((column) => (column.kind === 'number' ? column.values : new Float64Array(0)));
  const raw = Float64Array.from(x as Float64Array, (value, row) => (value || 0) + ((y as Float64Array)[row] || 0));
  return { propensity: raw.map((value) => sigmoid(value)), probability: raw.map((value) => sigmoid(value - 2)) };
}
