import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createNodeKernels } from '../src/adapters/node/kernels.ts';
import { takeRows } from '../src/core/data/frame.ts';
import { createEncoder } from '../src/core/models/encoding.ts';
import { linearScores } from '../src/core/models/logistic/linear-scores.ts';
import { logisticEntry } from '../src/core/models/logistic/logistic.ts';
import type { LogisticModel } from '../src/core/models/logistic/logistic-model.ts';
import { penaltyOf, penaltyValue } from '../src/core/models/logistic/penalty.ts';
import { checkParameters } from '../src/core/models/parameter-check.ts';
import { noCheckpoint } from '../src/core/shared/checkpoint.ts';
import { sigmoid, softplus } from '../src/core/shared/exact-math.ts';
import { sum } from '../src/core/shared/statistics.ts';
import { identifiedInputs } from './harness/identified-inputs.ts';
import { type LearningTable, learningTables, splitBySeed } from './harness/learning-tables.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import type { Bench, BenchFlags, BenchRow } from './harness/row.ts';

const work = 'artifacts/bench/logistic-parity';
/** Smooth fits against newton-cholesky at tol 1e-12, the others against saga. */
const fits = [
  { name: 'l2', penalty: 'l2', C: 1, l1Ratio: 0, balanced: false },
  { name: 'l2 balanced', penalty: 'l2', C: 0.1, l1Ratio: 0, balanced: true },
  { name: 'none', penalty: 'none', C: null, l1Ratio: 0, balanced: false },
  { name: 'l1', penalty: 'l1', C: 0.05, l1Ratio: 1, balanced: false },
  { name: 'elastic net', penalty: 'elasticnet', C: 0.05, l1Ratio: 0.5, balanced: true },
] as const;
type Fit = (typeof fits)[number];

export const flags: BenchFlags = { 'data-folder': { type: 'string' } };

/** Coefficients, probabilities and objectives of logistic regression beside scikit-learn's on the same inputs. */
export const bench: Bench = async ({ flags: { 'data-folder': folder } }) => {
  mkdirSync(work, { recursive: true });
  const python = pythonWith('tabular', tabularPeers);
  const rows: BenchRow[] = [];
  for await (const table of learningTables(20_000, folder, work)) {
    if ('missing' in table)
      rows.push({ ...limit(`logistic, ${table.name}`, 0, 1, table.missing), ours: null, ratio: null });
    else rows.push(...(await compareOn(table, python)));
  }
  return rows;
};

async function compareOn(table: LearningTable, python: string): Promise<BenchRow[]> {
  console.log(`${table.name} …`);
  const { train } = splitBySeed(table.labels, 0);
  const identified = await identifiedInputs(table.features, table.labels, train);
  return [
    ...(await compareFits(table, fits.filter(isStrict), train, python)),
    ...(await compareFits(
      { ...table, features: identified },
      fits.filter((fit) => !isStrict(fit)),
      train,
      python,
    )),
  ];
}

/** With l2 in the penalty one optimum exists, whatever the inputs. */
function isStrict({ penalty, l1Ratio }: Fit): boolean {
  return penalty !== 'none' && l1Ratio < 1;
}

async function compareFits(
  { name, features, labels }: LearningTable,
  some: readonly Fit[],
  train: Uint32Array,
  python: string,
): Promise<BenchRow[]> {
  const learned = takeRows(features, train);
  const own = Int8Array.from(train, (row) => labels[row] as number);
  const models: LogisticModel[] = [];
  for (const fit of some) models.push(await ours({ name, features, labels }, train, fit));
  const peers = askScikit(name, learned, own, models, some, python);
  return some.flatMap((fit, i) => {
    const model = models[i] as LogisticModel;
    const { intercept, coefficients, probabilities, steps, converged } = peers[i] as PeerFit;
    const scores = logisticEntry.rawScores(model, learned);
    const gap = largestGap([model.intercept, ...model.coefficients], [intercept, ...coefficients]);
    const said = `${steps} steps of ${fit.l1Ratio > 0 ? 'saga' : 'newton-cholesky'}${converged ? '' : ', not converged'}`;
    const title = `${fit.name}, ${name}`;
    if (fit.l1Ratio === 0) {
      const apart = largestGap(scores.map(sigmoid), probabilities);
      return [
        limit(`coefficients, ${title}`, gap, 1e-6, `largest difference; ${said}`),
        limit(`probabilities, ${title}`, apart, 1e-9, 'largest difference over the training rows'),
      ];
    }
    const theirs = linearScores(model.encoding, intercept, coefficients, learned);
    const mine = objective(fit, own, scores, model.intercept, model.coefficients);
    const peer = objective(fit, own, theirs, intercept, coefficients);
    const above = Math.max(0, mine / peer - 1);
    return [
      limit(
        `objective, ${title}`,
        above,
        1e-9,
        `relative, ours above the peer's (0 where below): ${mine} | ${peer}; ${said}`,
      ),
      // Where saga stopped short, its coefficients are no reference.
      {
        ...limit(`coefficients, ${title}`, gap, 1e-4, `largest difference; ${said}`),
        ...(converged ? {} : { must: null }),
      },
    ];
  });
}

async function ours({ features, labels }: LearningTable, train: Uint32Array, fit: Fit): Promise<LogisticModel> {
  const values = {
    penalty: fit.penalty,
    C: fit.C ?? 1,
    l1_ratio: fit.l1Ratio,
    class_weight: fit.balanced ? 'balanced' : 'none',
    choose_C: false,
    tol: 1e-12,
    max_iter: 500,
  };
  const { model } = await logisticEntry.train(
    { features, labels, train, validation: new Uint32Array(0), seed: 0 },
    checkParameters('logistic', logisticEntry.parameters, values),
    { kernels: createNodeKernels({ threads: Math.min(2, availableParallelism()) }), checkpoint: noCheckpoint },
  );
  return model;
}

interface PeerFit {
  readonly intercept: number;
  readonly coefficients: Float64Array;
  readonly probabilities: Float64Array;
  readonly steps: number;
  readonly converged: boolean;
}

function askScikit(
  name: string,
  learned: LearningTable['features'],
  labels: Int8Array,
  models: readonly LogisticModel[],
  some: readonly Fit[],
  python: string,
): PeerFit[] {
  const stem = join(work, name.replaceAll(/[^a-z]+/g, '-'));
  const { encoding } = models[0] as LogisticModel;
  const rows = learned.rowCount;
  const data = new Float64Array((encoding.width + 1) * rows);
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  createEncoder(encoding, learned).encode(all, 0, rows, data, 1, rows);
  data.set(labels, encoding.width * rows);
  writeFileSync(`${stem}.f64`, data);
  const columns = [...(models[0] as LogisticModel).coefficients.keys()];
  const job = {
    data: `${stem}.f64`,
    rows,
    width: encoding.width,
    fits: some.map(({ C, l1Ratio, balanced }) => ({
      ...(l1Ratio > 0
        ? { solver: 'saga', tol: 1e-9, max_iter: 2000 }
        : { solver: 'newton-cholesky', tol: 1e-12, max_iter: 1000 }),
      C,
      l1_ratio: l1Ratio,
      balanced,
      columns,
    })),
  };
  writeFileSync(`${stem}.json`, JSON.stringify(job));
  const answer = runJson<{ fits: { steps: number; converged: boolean }[] }>(python, [
    'bench/peers/logistic_parity.py',
    `${stem}.json`,
    `${stem}.out`,
  ]);
  const out = new Float64Array(new Uint8Array(readFileSync(`${stem}.out`)).buffer);
  let from = 0;
  const take = (count: number) => out.slice(from, (from += count));
  return answer.fits.map((said) => {
    const [intercept] = take(1) as unknown as [number];
    const coefficients = take(encoding.width);
    return { intercept, coefficients, probabilities: take(rows), ...said };
  });
}

/** Mean weighted log-loss and penalty, as scikit-learn's divided by C·Σw; summed exactly, for small differences. */
function objective(
  fit: Fit,
  labels: Int8Array,
  scores: Float64Array,
  intercept: number,
  coefficients: Float64Array,
): number {
  const positives = labels.reduce((count, label) => count + label, 0);
  const weights = labels.length / 2;
  const weightOf = [fit.balanced ? weights / (labels.length - positives) : 1, fit.balanced ? weights / positives : 1];
  const losses = scores.map(
    (score, i) => (weightOf[labels[i] as 0 | 1] as number) * softplus(labels[i] === 1 ? -score : score),
  );
  const penalty = penaltyOf({ penalised: true, l1Ratio: fit.l1Ratio }, fit.C ?? 1, labels.length);
  return sum(losses) / labels.length + penaltyValue(penalty, Float64Array.of(intercept, ...coefficients));
}

function limit(name: string, ours: number, most: number, why: string): BenchRow {
  return { name, ours, peer: most, unit: 'at most', ratio: ours > 0 ? most / ours : 1e6, must: 1, aim: null, why };
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))), 0);
}
