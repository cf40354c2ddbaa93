import type { JobClient, JobOptions } from '../../core/jobs/job.ts';
import type {
  Banded,
  ColumnProfile,
  CustomerHit,
  DatasetSummary,
  EvaluatedModel,
  FileResult,
  StudyJobs,
  DriftSummary,
} from '../../core/jobs/study-contract.ts';
import { explanationUnits } from '../../core/explanation/units.ts';
import { explanationParts } from '../../core/jobs/study-contract.ts';
import type { Model, ModelKind, Round } from '../../core/models/model.ts';
import { StudioError } from '../../core/shared/errors.ts';
import type { TrainingClient } from '../stores/studio-host.ts';
import { bars, fakeFigures, fakeOverlay, fakeProfitCurve, fakeWaterfall } from './fake-figures.ts';
import { fakeViews } from './fake-views.ts';

/** A study that answers at once or at a watchable pace, without data or models: for store tests and for looking at the page. */
export function fakeStudy(paceMs = 0): JobClient<StudyJobs> {
  let customers = 50_000;
  let kinds: ModelKind[] = [];
  const dataset = (over: Partial<DatasetSummary> = {}): DatasetSummary => ({
    name: 'E-commerce',
    source: 'sample',
    scenario: 'ecommerce',
    seed: 7,
    rowCount: customers,
    columns: columnNames.map(profile),
    label: {
      column: 'converted',
      positive: 'yes',
      positives: customers * 0.05,
      negatives: customers * 0.95,
      unknown: 0,
    },
    labelCandidates: [{ column: 'converted', values: ['no', 'yes'], positive: 'yes' }],
    asOf: '2026-06-30',
    needsAsOf: false,
    oracleAuc: 0.901,
    findings: [
      {
        level: 'warning',
        title: 'call_duration tells the outcome',
        detail: 'Alone it reaches AUC 0.93; it looks known only after the outcome.',
        columns: ['call_duration'],
      },
      {
        level: 'info',
        title: '3.1 % of incomes are missing',
        detail: 'They stay missing and are learned as such.',
        columns: ['income'],
      },
    ],
    verdict:
      '50,000 customers, of whom 5.02 % bought within 30 days. An oracle that knew the true chances would reach AUC 0.901.',
    ...over,
  });
  const wait = pace(paceMs);
  const file = (name: string): FileResult => ({
    name,
    mediaType: 'text/plain',
    bytes: new TextEncoder().encode('fake') as Uint8Array<ArrayBuffer>,
  });
  return {
    ...fakeViews(),
    async makeCustomers(input, options) {
      await wait(options, 'Making customers', 10);
      customers = input.customers;
      return dataset({ seed: input.seed, scenario: input.scenario });
    },
    async openTable({ file: blob, name }, options) {
      await wait(options, `Reading ${name}`, 5);
      if ((await blob.text()).trim() === '') {
        throw new StudioError('data.empty', `${name} holds no rows.`, {
          where: { file: name },
          fix: 'Choose a table with a header and at least one row.',
        });
      }
      return dataset({ name, source: 'file' });
    },
    async assignRoles({ roles }) {
      return dataset({
        columns: columnNames.map((name, i) => ({ ...profile(name, i), ...(roles[name] ? { role: roles[name] } : {}) })),
        findings: [],
      });
    },
    async previewRows({ from, to }) {
      const rows = Array.from({ length: Math.min(to, customers) - from }, (_, i) =>
        columnNames.map((_name, c) => (c === 0 ? `C${from + i + 1}` : c === 5 ? null : (from + i) * (c + 1) * 0.37)),
      );
      return { columns: columnNames, rows };
    },
    async previewFeatures({ from, to }) {
      return { columns: ['recency_days', 'frequency'], rows: Array.from({ length: to - from }, (_, i) => [i, i * 2]) };
    },
    async buildFeatures(_input, options) {
      await wait(options, 'Building features', 10);
      return {
        features: Array.from({ length: 63 }, (_, i) => ({
          name: `feature_${i + 1}`,
          description: `What feature ${i + 1} says about the customer`,
          family: ['RFM', 'Engagement', 'Behaviour', 'Interactions', 'Bins'][i % 5] as string,
          unit: 'share',
          kind: i % 5 === 4 ? ('category' as const) : ('number' as const),
          columns: ['email_open_rate'],
          missingShare: i % 7 === 0 ? 0.03 : 0,
          histogram: histogram(i),
          aloneAuc: 0.76 - i * 0.004,
        })),
        rows: { train: customers * 0.6, validation: customers * 0.2, test: customers * 0.2, unlabelled: 0 },
        findings: [],
        verdict: '63 features in five families. Recency alone ranks customers with AUC 0.76.',
      };
    },
    async trainingInput() {
      const empty = new Uint32Array();
      return {
        features: { rowCount: 0, columns: [] },
        labels: new Int8Array(),
        train: empty,
        validation: empty,
        seed: 7,
      };
    },
    async acceptModel({ trained, seconds }) {
      const kind = trained.model.kind;
      kinds = [...kinds.filter((each) => each !== kind), kind];
      return summary(kind, trained.rounds, seconds);
    },
    refitRequest: async () => ({
      kind: 'boosting',
      input: {
        features: { rowCount: 0, columns: [] },
        labels: new Int8Array(),
        train: new Uint32Array(),
        validation: new Uint32Array(),
        seed: 7,
      },
      parameters: {},
      trained: { model: { kind: 'boosting' } as Model, rounds: [], bestRound: 1, backend: 'WASM', notes: [] },
      refits: 5,
      rows: new Uint32Array(10),
      explained: new Uint32Array(2),
    }),
    acceptRefits: async ({ refits }) => ({
      refits: refits.length,
      meanConfidence: 0.91,
      sentence: 'Five refits put 91 % of customers into the same band.',
    }),
    async evaluate({ cut }, options) {
      await wait(options, 'Evaluating on test customers', 6);
      return {
        cut,
        best: 'boosting',
        models: kinds.map(
          (kind): EvaluatedModel => ({
            ...summary(kind, [], 1.2),
            metrics: metrics(aucs[kind]),
            bands: bandRows,
            confusion: { truePositive: 301, falsePositive: 899, trueNegative: 8601, falseNegative: 199 },
          }),
        ),
        comparisons: [
          {
            better: 'boosting',
            other: 'neural',
            aucDifference: 0.021,
            pValue: 0.003,
            verdict: 'yes',
            conversionsTop10: 18,
            sentence: 'Boosting ranks better than the network: 18 more conversions among the top 10 %.',
          },
          {
            better: 'neural',
            other: 'logistic',
            aucDifference: 0.072,
            pValue: 0.0001,
            verdict: 'yes',
            conversionsTop10: 61,
            sentence: 'The network ranks better than logistic regression: 61 more conversions among the top 10 %.',
          },
        ],
        deciles: Array.from({ length: 10 }, (_, i) => ({
          decile: i + 1,
          customers: 1000,
          predicted: 0.26 / (i + 1),
          observed: 0.25 / (i + 1),
          lift: 5.1 / (i + 1),
          cumulativeCapture: 1 - 0.5 / (i + 1),
        })),
        figures: fakeFigures(cut),
        testRows: 10_000,
        testConversions: 500,
        oracleAuc: 0.901,
        verdict:
          'Boosting ranks best: AUC 0.874 (0.861–0.887), ahead of the network by 0.021. Of the 10 % ranked highest, 26 % convert: 5.2 times the average.',
      };
    },
    tree: async ({ index }) => ({
      treeCount: 143,
      tree: {
        index,
        nodes: [{ kind: 'leaf', leaf: 0, depth: 0, parent: -1, count: 100, weight: 25, value: 0.1 }],
        leafCount: 1,
        depth: 0,
      },
    }),
    importModel: async ({ name }) => ({ ...summary('boosting', [], Number.NaN), kind: 'imported', label: name }),
    importance: async () =>
      fakeFigures(0.7).find(({ id }) => id === 'importance') as ReturnType<typeof fakeFigures>[number],
    async decide({ cut }, options) {
      await wait(options, 'Working out profit', 3);
      const cutScore = cut.by === 'score' ? cut.score : 0.58;
      return {
        cutScore,
        suggestedCutScore: 0.58,
        customers,
        excluded: 0,
        contacts: banded(6000, 100),
        conversions: banded(1500, 120),
        profit: banded(81_000, 7000),
        reach: banded(0.61, 0.03),
        profitCurve: fakeProfitCurve(cutScore),
        verdict: `Contacting the 6,000 customers above ${cutScore.toFixed(2)} is expected to bring 1,500 conversions and a profit of €81,000 (€74,000–€88,000).`,
      };
    },
    contactList: async () => file('contacts.csv'),
    findCustomers: async ({ query, limit }) =>
      Array.from({ length: Math.min(limit, 8) }, (_, i) => hit(i)).filter((each) => each.id.includes(query)),
    interactionsOf: async () => [{ features: ['email_open_rate', 'last_visit_date'], interaction: -0.12 }],
    limeOf: async () => ({
      features: ['email_open_rate', 'visits_30d', 'recency'].map((feature, i) => ({
        feature,
        weight: 0.04 - i * 0.03,
        deviation: 0.004,
      })),
      stability: 0.72,
      isStable: false,
      fit: 0.41,
    }),
    async explainCustomer({ row, model = 'boosting', method = 'tree-paths' }) {
      return {
        ...hit(row),
        model,
        method,
        confidence: 0.93,
        waterfall: fakeWaterfall(),
        views: explanationUnits.flatMap((unit) =>
          explanationParts.map((parts) => ({
            unit,
            parts,
            average: -0.5,
            base: -0.4,
            value: 1.3,
            residual: 2.2e-16,
            waterfall: fakeWaterfall(),
            rows: ['Email open rate', 'Visits in 30 days', 'Recency'].map((name, i) => ({
              name,
              description: name,
              value: '0.62',
              attribution: 1.1 - i * 0.8,
            })),
          })),
        ),
        reasons: [
          {
            column: 'email_open_rate',
            direction: 'for',
            contribution: 0.021,
            changeable: true,
            stability: 0.96,
            words: 'Share of e-mails opened (62 %): adds 2.1 points to the estimate.',
          },
          {
            column: 'last_visit_date',
            direction: 'against',
            contribution: -0.004,
            changeable: false,
            stability: 0.58,
            words: 'Last visit 48 days ago: takes 0.4 points from the estimate.',
          },
        ],
        logOdds: 1.3,
        residual: 2.2e-16,
        sentence: 'This customer opens 62 % of e-mails and visited nine times in 30 days; both raise the score.',
      };
    },
    coefficients: async ({ by }) => ({
      by,
      bases: ['likelihood', 'robust', 'bootstrap'],
      rows: [],
      dropped: [],
      notes: [],
      figure: fakeFigures(0.7)[0] as ReturnType<typeof fakeFigures>[number],
      file: file('coefficients.csv'),
      verdict: 'No coefficients here.',
    }),
    collinearity: async () => ({
      inflation: [],
      correlated: [],
      dropped: [],
      notes: [],
      figure: fakeFigures(0.7)[0] as ReturnType<typeof fakeFigures>[number],
      verdict: 'The inputs say different things.',
    }),
    scorecard: async () => ({
      card: {
        basePoints: 500,
        features: [],
        scale: { baseScore: 500, baseOdds: 0.1, pointsToDouble: 40 },
        leftOut: [],
        notes: [],
      },
      figure: fakeFigures(0.7)[0] as ReturnType<typeof fakeFigures>[number],
      file: file('scorecard.csv'),
      verdict: 'No points here.',
    }),
    network: async () => ({
      features: 63,
      inputs: 80,
      activation: 'relu',
      layers: [],
      members: 1,
      parameterCount: 0,
      verdict: 'No network here.',
    }),
    saveBundle: async () => file('boosting.zip'),
    scoringBundle: async () => file('boosting.zip'),
    openBundle: async () => ({
      name: 'boosting.zip',
      modelVersion: 'boosting-7f3a',
      kind: 'boosting',
      scenario: 'ecommerce',
      columns: columnNames.map((name) => ({ name, description: name, kind: 'number', optional: false })),
      createdFrom: 'E-commerce, seed 7',
    }),
    scoreTable: async ({ name }, options) => {
      await wait(options, `Scoring ${name}`, 6);
      return {
        name,
        rowCount: 41_188,
        modelVersion: 'boosting-7f3a',
        bands: [
          { name: 'High', customers: 5000, share: 0.12 },
          { name: 'Medium', customers: 10_000, share: 0.24 },
          { name: 'Low', customers: 26_188, share: 0.64 },
        ],
        expectedConversions: 2051,
        findings: [],
        preview: {
          columns: ['id', 'propensity', 'probability', 'band'],
          rows: Array.from({ length: 20 }, (_, i) => [`C${i}`, 0.9 - i / 50, 0.3 - i / 80, 'High']),
        },
        distribution: { ...(fakeFigures(0.7)[5] as ReturnType<typeof fakeFigures>[number]), id: 'scored-distribution' },
        file: file('scores.csv'),
        verdict: 'Of 41,188 customers 12 % stand in the High band; about 2,050 are expected to convert.',
      };
    },
    compareTable: async ({ name }) => fakeDrift(name, file),
    challenge: async () => {
      throw new Error('The fake study has one model.');
    },
    simulateWeeks: async () => fakeDrift('week 12', file),
    exportTable: async ({ what, format }) => file(`${what}.${format}`),
    exportModelText: async () => file('model.txt'),
    exportTfjsModel: async () => file('network-tfjs.zip'),
    report: async () => file('report.html'),
    crossValidate: async ({ folds, seeds }) => ({ folds, seeds, models: [] }),
  };
}

/** A trainer that emits rounds of a learning curve and answers an empty model. */
export function fakeTraining(kind: ModelKind, paceMs = 0): TrainingClient {
  const wait = pace(paceMs);
  return {
    async train(_input, options) {
      const of = kind === 'boosting' ? 200 : 30;
      const rounds = Array.from(
        { length: of },
        (_, i): Round => ({
          round: i + 1,
          of,
          train: { auc: aucs[kind] + 0.03 - 0.3 / (i + 2) },
          validation: { auc: aucs[kind] - 0.3 / (i + 2) },
        }),
      );
      await wait(options, 'Round', of, (i) => options?.onEvent?.({ kind: 'round', round: rounds[i] }));
      return {
        seconds: 1.2,
        trained: { model: { kind } as Model, rounds, bestRound: of - 5, backend: 'WASM, 2 threads', notes: [] },
      };
    },
    refit: async ({ refits, rows }) =>
      Array.from({ length: refits }, () => ({
        rawScores: new Float64Array(rows.length),
        attributions: new Float64Array(),
        features: [],
      })),
    warmUp: async () => ({ backend: 'WASM, 2 threads' }),
    close: () => undefined,
  };
}

const aucs: Readonly<Record<ModelKind, number>> = { logistic: 0.781, boosting: 0.874, neural: 0.853 };
const labels: Readonly<Record<ModelKind, string>> = {
  logistic: 'Logistic regression',
  boosting: 'Gradient boosting',
  neural: 'Neural network',
};
const bandRows: EvaluatedModel['bands'] = [
  { name: 'High', share: 0.12, customers: 1200, conversion: 0.25, low: 0.226, high: 0.275, buyersHeld: 0.61 },
  {
    name: 'Medium',
    share: 0.24,
    customers: 2400,
    conversion: 0.054,
    low: 0.046,
    high: 0.064,
    buyersHeld: 0.26,
  },
  { name: 'Low', share: 0.64, customers: 6400, conversion: 0.01, low: 0.008, high: 0.013, buyersHeld: 0.13 },
];
const columnNames = [
  'customer_id',
  'age',
  'tenure_days',
  'email_open_rate',
  'visits_30d',
  'income',
  'channel',
  'call_duration',
  'converted',
];

function pace(paceMs: number) {
  return async (options: JobOptions | undefined, stage: string, steps: number, each?: (step: number) => void) => {
    for (let step = 0; step < steps; step++) {
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
      if (options?.signal?.aborted) throw new StudioError('job.cancelled', 'Stopped on request.');
      each?.(step);
      options?.onProgress?.({
        fraction: (step + 1) / steps,
        stage: `${stage} ${step + 1} of ${steps}`,
        etaSeconds: ((steps - step - 1) * paceMs) / 1000,
      });
    }
  };
}

function profile(name: string, i: number): ColumnProfile {
  const role = i === 0 ? 'id' : name === 'converted' ? 'label' : 'feature';
  return {
    name,
    description: `What ${name.replaceAll('_', ' ')} means`,
    kind: name === 'channel' ? 'category' : i === 0 ? 'text' : 'number',
    role,
    missingShare: name === 'income' ? 0.031 : 0,
    distinct: 120 * (i + 1),
    constant: false,
    idLike: i === 0,
    highCardinality: false,
    summary: '18 · 41.2 · 79',
    histogram: i === 0 ? [] : histogram(i),
  };
}

const histogram = (seed: number) =>
  Array.from({ length: 12 }, (_, i) => ({
    label: `${i * 10}–${i * 10 + 10}`,
    count: Math.round(1000 * Math.exp(-((i - (seed % 9)) ** 2) / 8)),
  }));
const banded = (value: number, half: number): Banded => ({ value, low: value - half, high: value + half });

function metrics(auc: number): EvaluatedModel['metrics'] {
  return {
    auc: banded(auc, 0.013),
    prAuc: banded(auc - 0.46, 0.04),
    lift10: banded(5.2 * auc, 0.3),
    capture10: banded(0.52, 0.03),
    ks: banded(0.58, 0.02),
    logLoss: banded(0.15, 0.01),
    brier: banded(0.039, 0.002),
    ece: banded(0.008, 0.002),
    precision: banded(0.25, 0.02),
    recall: banded(0.61, 0.03),
    f1: banded(0.355, 0.02),
    accuracy: banded(0.89, 0.01),
    balancedAccuracy: banded(0.76, 0.02),
    mcc: banded(0.34, 0.02),
  };
}

function summary(kind: ModelKind, rounds: readonly Round[], trainSeconds: number) {
  return {
    kind,
    label: labels[kind],
    backend: 'WASM, 2 threads',
    trainSeconds,
    rounds,
    bestRound: rounds.length,
    notes: [],
    validationAuc: aucs[kind],
    calibrator: 'beta',
    importance: ['recency_days', 'email_open_rate', 'visits_30d'].map((feature, i) => ({
      feature,
      columns: [feature],
      importance: 0.4 - i * 0.1,
    })),
  };
}

const hit = (row: number): CustomerHit => ({
  row,
  id: `C${row + 1}`,
  propensity: 0.786,
  probability: 0.271,
  band: 'High',
  split: row % 2 ? 'test' : 'train',
});

function fakeDrift(name: string, file: (name: string) => FileResult): DriftSummary {
  return {
    name,
    rowCount: 20_000,
    referenceRowCount: 30_000,
    file: file('drift.csv'),
    features: ['recency_days', 'email_open_rate', 'visits_30d'].map((feature, i) => ({
      feature,
      description: feature,
      psi: [0.31, 0.14, 0.02][i] as number,
      band: (['significant', 'moderate', 'stable'] as const)[i] as 'stable',
      alarm: i === 0,
      chance: [0.001, 0.4, Number.NaN][i] as number,
      measures: { psi: [0.31, 0.14, 0.02][i] as number, ks: [0.2, 0.1, 0.01][i] as number },
      overlay: fakeOverlay(feature, 1 - i * 0.4),
    })),
    score: {
      feature: 'Propensity score',
      description: 'Propensity score',
      psi: 0.08,
      band: 'stable',
      alarm: false,
      chance: Number.NaN,
      measures: { psi: 0.08, ks: 0.05 },
      overlay: fakeOverlay('score', 0.2),
    },
    measures: [
      { id: 'psi', label: 'PSI', help: 'Population stability index.' },
      { id: 'ks', label: 'KS', help: 'Widest gap of the cumulative shares.' },
    ],
    exact: true,
    figure: {
      ...bars(
        'psi',
        'Population stability index',
        ['recency_days', 'email_open_rate', 'visits_30d'],
        [0.31, 0.14, 0.02],
        'current',
      ),
      rules: [
        { axis: 'x', at: 0.1, label: 'moderate' },
        { axis: 'x', at: 0.25, label: 'significant' },
      ],
    },
    findings: [],
    verdict: 'One of three features has moved significantly: recency_days (PSI 0.31). The scores have not (0.08).',
    health: 'act',
    sections: [],
    report: file('monitoring.html'),
    json: file('monitoring.json'),
    events: [],
    alerts: [],
    history: [],
  };
}
