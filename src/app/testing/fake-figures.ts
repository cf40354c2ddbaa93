import type { ModelKind } from '../../core/models/model.ts';
import type { Figure, Series, Tone } from '../../core/reports/figure.ts';

const aucs: Readonly<Record<ModelKind, number>> = { logistic: 0.781, boosting: 0.874, neural: 0.853 };
const names: Readonly<Record<ModelKind, string>> = { logistic: 'Logistic', boosting: 'Boosting', neural: 'Network' };
const grid = Array.from({ length: 101 }, (_, i) => i / 100);
const share = (title: string) => ({ title, format: 'percent' as const, range: [0, 1] as const });

function line(tone: ModelKind, x: readonly number[], y: readonly number[], band = 0): Series {
  return {
    name: names[tone],
    kind: 'line',
    tone,
    x,
    y,
    ...(band ? { low: y.map((v) => Math.max(0, v - band)), high: y.map((v) => Math.min(1, v + band)) } : {}),
  };
}

/** Curves of plausible shape for looking at the page before any model exists. */
export function fakeFigures(cut: number): Figure[] {
  const kinds: ModelKind[] = ['logistic', 'boosting', 'neural'];
  const roc = (kind: ModelKind) => grid.map((x) => x ** ((1 - aucs[kind]) / aucs[kind]));
  return [
    {
      id: 'roc',
      title: 'ROC curve',
      caption: 'At a false-alarm rate of 10 %, boosting finds 63 % of the buyers, logistic regression 44 %.',
      x: share('False-positive rate'),
      y: share('True-positive rate'),
      series: kinds.map((kind) => line(kind, grid, roc(kind), kind === 'boosting' ? 0.015 : 0)),
      rules: [{ axis: 'diagonal', label: 'chance', tone: 'reference' }],
    },
    {
      id: 'precision-recall',
      title: 'Precision and recall',
      caption: 'Where half of all buyers are reached, 29 % of those contacted buy.',
      x: share('Recall'),
      y: share('Precision'),
      series: kinds.map((kind) =>
        line(
          kind,
          grid.slice(1),
          grid.slice(1).map((x) => aucs[kind] ** 3 * (1 - x) ** 1.4 + 0.05),
        ),
      ),
      rules: [{ axis: 'y', at: 0.05, label: 'chance', tone: 'reference' }],
    },
    {
      id: 'calibration',
      title: 'Calibration',
      caption: 'Customers told 20 % convert at 19.4 %: the probability can be read as it stands.',
      x: { title: 'Predicted conversion probability', format: 'percent' },
      y: { title: 'Observed conversion', format: 'percent' },
      series: [
        {
          ...line(
            'boosting',
            grid.slice(0, 40),
            grid.slice(0, 40).map((x) => x * 0.97 + 0.002),
            0.02,
          ),
          name: 'After',
        },
        {
          name: 'Before',
          kind: 'line',
          tone: 'reference',
          dashed: true,
          x: grid.slice(0, 40),
          y: grid.slice(0, 40).map((x) => x ** 2.2),
        },
      ],
      rules: [{ axis: 'diagonal', label: 'perfect' }],
    },
    {
      id: 'gains',
      title: 'Gains',
      caption: 'The 10 % ranked highest hold 52 % of all buyers.',
      x: share('Customers contacted'),
      y: share('Buyers reached'),
      series: kinds.map((kind) =>
        line(
          kind,
          grid,
          grid.map((x) => 1 - (1 - x) ** (aucs[kind] * 7 - 3)),
        ),
      ),
      rules: [{ axis: 'diagonal', label: 'no model' }],
    },
    {
      id: 'lift',
      title: 'Lift by decile',
      caption: 'Of the 10 % ranked highest, 26 % convert: 5.2 times the average.',
      x: { title: 'Decile', scale: 'category' },
      y: { title: 'Times the average' },
      series: [
        {
          name: 'Boosting',
          kind: 'bars',
          tone: 'boosting',
          x: grid.slice(1, 11).map((_, i) => `${i + 1}`),
          y: [5.2, 2.1, 1.1, 0.6, 0.4, 0.3, 0.1, 0.1, 0.05, 0.02],
        },
      ],
      rules: [{ axis: 'y', at: 1, label: 'average' }],
    },
    {
      id: 'score-distribution',
      title: 'Propensity scores',
      caption: '12 % of customers stand above the cut; they hold 61 % of the buyers.',
      x: { title: 'Propensity score', range: [0, 1] },
      y: { title: 'Share of customers', format: 'percent' },
      series: [
        { name: 'Bought', kind: 'steps', tone: 'raises', x: grid, y: grid.map((x) => 0.03 * x ** 1.5) },
        { name: 'Did not', kind: 'steps', tone: 'lowers', x: grid, y: grid.map((x) => 0.04 * (1 - x) ** 2 * x ** 0.2) },
      ],
      rules: [{ axis: 'x', at: cut, label: `cut ${cut.toFixed(2)}`, tone: 'current' }],
    },
    bars(
      'importance',
      'What the model looks at',
      ['Recency', 'Email open rate', 'Website visits', 'Engagement', 'Frequency'],
      [0.42, 0.35, 0.3, 0.22, 0.2],
      'boosting',
    ),
  ];
}

export function bars(id: string, title: string, labels: string[], values: number[], tone: Tone): Figure {
  return {
    id,
    title,
    caption: `${labels[0]} weighs most.`,
    x: { title: 'Mean |SHAP|', unit: 'log-odds' },
    y: { title: '', scale: 'category', reversed: true },
    series: [{ name: title, kind: 'bars-horizontal', tone, x: values, y: labels }],
  };
}

export function fakeProfitCurve(cut: number): Figure {
  return {
    id: 'profit-curve',
    title: 'Profit by cut',
    caption: 'Profit is highest when customers above 0.58 are contacted; at 0.70 it is 4 % lower.',
    x: { title: 'Propensity score from which customers are contacted', range: [0, 1] },
    y: { title: 'Profit', unit: 'EUR', format: 'money' },
    series: [
      {
        name: 'Profit',
        kind: 'line',
        tone: 'current',
        x: grid,
        y: grid.map((x) => 40_000 * (1 - (x - 0.58) ** 2 * 4)),
        low: grid.map((x) => 36_000 * (1 - (x - 0.58) ** 2 * 4)),
        high: grid.map((x) => 44_000 * (1 - (x - 0.58) ** 2 * 4)),
      },
    ],
    rules: [
      { axis: 'x', at: cut, label: 'cut', tone: 'current' },
      { axis: 'y', at: 0, tone: 'reference' },
    ],
  };
}

export function fakeWaterfall(): Figure {
  const steps = [-0.4, 1.1, 0.6, -0.5, 0.3, 0.25, -0.15, 0.1, 1.3];
  return {
    id: 'waterfall',
    title: 'Why this score',
    caption: 'Opening 62 % of e-mails raises the log-odds most; 48 days since the last visit lowers them.',
    x: { title: 'Log-odds', unit: 'log-odds' },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'Attribution',
        kind: 'waterfall',
        tone: 'raises',
        x: steps,
        y: [
          'Start',
          'Email open rate',
          'Visits in 30 days',
          'Recency',
          'Frequency',
          'Cart abandonment',
          'Tenure',
          'Discount affinity',
          'This customer',
        ],
        tones: steps.map((step, i) => (i === 0 ? 'reference' : i === 8 ? 'current' : step > 0 ? 'raises' : 'lowers')),
        text: steps.map((step) => step.toFixed(2)),
      },
    ],
  };
}

export function fakeOverlay(feature: string, shift: number): Figure {
  const x = ['0–10', '10–20', '20–30', '30–40', '40–50', '50+'];
  const y = [0.1, 0.2, 0.3, 0.2, 0.15, 0.05];
  return {
    id: `overlay-${feature.replaceAll('_', '-')}`,
    title: feature,
    caption: 'More customers than before lie above 40.',
    x: { title: feature, scale: 'category' },
    y: { title: 'Share of customers', format: 'percent' },
    series: [
      { name: 'Reference', kind: 'bars', tone: 'reference', x, y },
      { name: 'Now', kind: 'bars', tone: 'current', x, y: y.map((v, i) => v + shift * (i - 2.5) * 0.03) },
    ],
  };
}
