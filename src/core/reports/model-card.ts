import type { Banded } from '../evaluation/banded.ts';
import type { BandRow } from '../evaluation/bands.ts';
import type { HeadlineMetrics } from '../evaluation/evaluate.ts';
import type { Figure } from './figure.ts';
import type { ReportSection } from './html-report.ts';
import { integer, listing, percent } from './words.ts';

export interface ModelCardInput {
  readonly model: {
    readonly label: string;
    readonly backend: string;
    readonly bestRound: number;
    readonly notes: readonly string[];
    readonly metrics: HeadlineMetrics;
    readonly bands: readonly BandRow[];
  };
  readonly evaluation: {
    readonly cut: number;
    readonly testRows: number;
    readonly testConversions: number;
    readonly figures: readonly Figure[];
    readonly verdict: string;
  };
  readonly source: string;
  readonly label: { readonly column: string; readonly positive: string } | undefined;
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  readonly trainedElsewhere: boolean;
  readonly sensitive: readonly string[];
  readonly calibrator: string;
}

/** The sections of a model card (Mitchell et al. 2019): what it is for, on what it learned, how good it is, where it ends. */
export function modelCard(input: ModelCardInput): ReportSection[] {
  const { model, evaluation, rows, source, label } = input;
  const { metrics } = model;
  const row = (name: string, { value, low, high }: Banded, words: (value: number) => string) => [
    name,
    words(value),
    `${words(low)}–${words(high)}`,
  ];
  const three = (value: number) => value.toFixed(3);
  const four = (value: number) => value.toFixed(4);
  return [
    {
      heading: 'Model card',
      sentence: `${model.label} ranks customers by how likely they convert, and estimates that chance. ${evaluation.verdict}`,
      tables: [
        {
          title: 'What it is',
          columns: ['', ''],
          rows: [
            ['Data', source],
            ['Outcome', label ? `${label.column} = ${label.positive}` : 'not known'],
            [
              'Learned on',
              input.trainedElsewhere
                ? 'other data: the model came from a file'
                : `${integer(rows.train)} customers; ${integer(rows.validation)} chose among models and calibrated`,
            ],
            [
              'Judged on',
              `${integer(evaluation.testRows)} test customers, ${integer(evaluation.testConversions)} of whom converted`,
            ],
            [
              'Trained by',
              input.trainedElsewhere ? 'not known' : `${model.backend}; kept round ${integer(model.bestRound)}`,
            ],
            ['Calibration', input.calibrator],
            ...model.notes.map((note) => ['Note', note]),
          ],
        },
        {
          title: 'What it is for',
          columns: ['', ''],
          rows: [
            ['Intended use', 'Choosing whom to contact first, and expecting how many of a list convert.'],
            [
              'Not for',
              'Decisions about single people that the law protects; claiming that contact causes a purchase.',
            ],
            [
              'Score and probability',
              'The propensity score ranks and gives the bands; the conversion probability is what share of such customers converts.',
            ],
          ],
        },
        {
          title: `Figures on test customers, with 95 % bands; cut ${evaluation.cut.toFixed(2)}`,
          columns: ['Measure', 'Value', '95 % band'],
          rows: [
            row('AUC', metrics.auc, three),
            row('PR-AUC', metrics.prAuc, three),
            row('Lift in top 10 %', metrics.lift10, (value) => value.toFixed(2)),
            row('Log-loss', metrics.logLoss, four),
            row('Brier score', metrics.brier, four),
            row('Expected calibration error', metrics.ece, four),
          ],
        },
        {
          title: 'Bands of the propensity score',
          columns: ['Band', 'Customers', 'Share', 'Conversion', '95 % band', 'Buyers held'],
          rows: model.bands.map((band) => [
            band.name,
            integer(band.customers),
            percent(band.share),
            percent(band.conversion),
            `${percent(band.low)}–${percent(band.high)}`,
            percent(band.buyersHeld),
          ]),
        },
      ],
      figures: evaluation.figures.filter(({ id }) => ['roc', 'calibration', 'gains'].includes(id)),
    },
    {
      heading: 'Limits',
      sentence: 'What the figures above do not say.',
      tables: [{ title: 'Limits', columns: ['', ''], rows: limitsOf(input) }],
    },
  ];
}

function limitsOf({ evaluation, sensitive, trainedElsewhere }: ModelCardInput): [string, string][] {
  return [
    [
      'Cause',
      'Explanations say what the model sees, not what would happen if a value were changed; no extra sales follow from a score.',
    ],
    [
      'Certainty',
      evaluation.testConversions < 100
        ? `Only ${integer(evaluation.testConversions)} test customers converted: every figure above is rough.`
        : 'Bands hold for customers like these; other seasons, channels and prices were not seen.',
    ],
    [
      'Attributions',
      'In points of probability they are the log-odds attributions rescaled to add up to the number shown, not its Shapley values.',
    ],
    [
      'Fairness',
      sensitive.length === 0
        ? 'No column is marked as sensitive, so none was watched.'
        : `${listing(sensitive)}: shown by group in this report where they make groups.`,
    ],
    ...(trainedElsewhere
      ? ([['Origin', 'The model came from a file and may have learned from these very test customers.']] as [
          string,
          string,
        ][])
      : []),
  ];
}
