import { driftBandOf, psi, sharesOf } from '../monitoring/psi.ts';
import type { BatchOutcome } from '../scoring/batch/batch.ts';
import { stepCount } from '../scoring/batch/summary.ts';
import { bandNames } from '../scoring/cutoffs.ts';
import type { Report, ReportSection, ReportTable } from './html-report.ts';
import { counted, integer, listing, number, percent } from './words.ts';

/** The figures of a scored file, as plain JSON: saved beside the scores, and what the next batch is compared with. */
export interface BatchFigures {
  readonly input: string;
  readonly modelVersion: string;
  /** Whether probabilities are calibrated: without a bundle the scores themselves stand for them. */
  readonly calibrated: boolean;
  readonly rows: BatchOutcome['rows'];
  /** High, Medium, Low. */
  readonly bands: readonly BatchBand[];
  /** Most likely tenth first. */
  readonly deciles: readonly BatchDecile[];
  /** Customers in twenty equal steps of the score. */
  readonly scoreCounts: readonly number[];
  readonly missing: readonly { readonly column: string; readonly share: number }[];
  readonly problems: BatchOutcome['problemCounts'];
}

interface BatchBand {
  readonly name: string;
  readonly customers: number;
  readonly expectedConversions: number;
}

interface BatchDecile {
  readonly decile: number;
  readonly customers: number;
  /** Lowest propensity score, to within one step of 1/4096. */
  readonly from: number;
  readonly expectedConversions: number;
}

export interface BatchSource {
  readonly input: string;
  readonly modelVersion: string;
  readonly calibrated: boolean;
  /** The columns that were read, in the order of the summary. */
  readonly columns: readonly string[];
}

const scoreSteps = 20;

export function batchFigures({ rows, summary, problemCounts }: BatchOutcome, source: BatchSource): BatchFigures {
  const { input, modelVersion, calibrated, columns } = source;
  const { bandRows, bandConversions, stepRows } = summary;
  return {
    input,
    modelVersion,
    calibrated,
    rows,
    bands: [2, 1, 0].map((code) => ({
      name: bandNames[code as 0 | 1 | 2],
      customers: bandRows[code] as number,
      expectedConversions: bandConversions[code] as number,
    })),
    deciles: decilesOf(summary, rows.kept),
    scoreCounts: Array.from({ length: scoreSteps }, (_, step) => {
      const width = stepCount / scoreSteps;
      return stepRows
        .subarray(Math.floor(step * width), Math.floor((step + 1) * width))
        .reduce((sum, count) => sum + count, 0);
    }),
    missing: columns.map((column, i) => ({ column, share: (summary.missing[i] ?? 0) / rows.kept })),
    problems: problemCounts,
  };
}

/** From the highest score down. A step that two deciles share is parted by count. */
function decilesOf({ stepRows, stepConversions }: BatchOutcome['summary'], customers: number): BatchDecile[] {
  const deciles: BatchDecile[] = [];
  let step = stepCount - 1;
  let left = stepRows[step] as number;
  for (let decile = 1; decile <= 10; decile++) {
    const wanted = Math.round((decile * customers) / 10) - Math.round(((decile - 1) * customers) / 10);
    let taken = 0;
    let expectedConversions = 0;
    while (taken < wanted) {
      const part = Math.min(left, wanted - taken);
      const inStep = stepRows[step] as number;
      if (part > 0) expectedConversions += ((stepConversions[step] as number) * part) / inStep;
      taken += part;
      left -= part;
      if (left === 0 && taken < wanted && step > 0) left = stepRows[--step] as number;
    }
    deciles.push({ decile, customers: wanted, from: step / stepCount, expectedConversions });
    if (left === 0 && step > 0) left = stepRows[--step] as number;
  }
  return deciles;
}

/** The report that goes with a batch; `previous` are the figures of the one before, if there was one. */
export function batchReport(
  figures: BatchFigures,
  outcome: BatchOutcome,
  drivers: readonly { readonly feature: string; readonly importance: number }[],
  previous?: BatchFigures,
): Report {
  return {
    title: `Scores of ${figures.input}`,
    sections: [
      segmentSection(figures),
      { heading: 'Top prospects', sentence: topSentence(outcome), tables: [prospectTable(outcome)] },
      driverSection(drivers),
      comparisonSection(figures, previous),
      qualitySection(figures),
    ],
  };
}

function segmentSection({ rows, bands, deciles, modelVersion, calibrated }: BatchFigures): ReportSection {
  const expected = bands.reduce((sum, band) => sum + band.expectedConversions, 0);
  const [high] = bands;
  const first = deciles[0];
  const held = first && expected > 0 ? first.expectedConversions / expected : 0;
  const caveat = calibrated ? '' : ' The model brings no calibration: its own scores are taken as chances.';
  return {
    heading: 'Segments',
    sentence: `${counted(rows.kept, 'customer')} scored by ${modelVersion}; about ${integer(expected)} are expected to convert, ${integer(high?.expectedConversions ?? 0)} of them among the ${integer(high?.customers ?? 0)} in High. The most likely tenth holds ${percent(held)} of all expected conversions.${caveat}`,
    tables: [
      {
        title: 'Bands',
        columns: ['Band', 'Customers', 'Share', 'Expected conversions', 'Expected rate'],
        rows: bands.map((band) => [
          band.name,
          integer(band.customers),
          percent(band.customers / rows.kept),
          integer(band.expectedConversions),
          percent(band.expectedConversions / band.customers),
        ]),
      },
      {
        title: 'Deciles, most likely first',
        columns: ['Decile', 'Customers', 'Lowest score', 'Expected conversions', 'Expected rate'],
        rows: deciles.map((each) => [
          each.decile,
          integer(each.customers),
          number(each.from),
          integer(each.expectedConversions),
          percent(each.expectedConversions / each.customers),
        ]),
      },
    ],
  };
}

function topSentence({ summary }: BatchOutcome): string {
  const [best] = summary.top;
  const last = summary.top.at(-1);
  return best && last
    ? `The ${summary.top.length} highest scores run from ${number(best.propensity)} down to ${number(last.propensity)}.`
    : 'No customer was scored.';
}

function prospectTable({ summary }: BatchOutcome): ReportTable {
  return {
    title: 'Highest scores',
    columns: ['Customer', 'Row of the file', 'Score', 'Chance', 'Band'],
    rows: summary.top
      .slice(0, 25)
      .map(({ id, row, propensity, probability, band }) => [
        id || '–',
        integer(row),
        number(propensity),
        percent(probability),
        bandNames[band as 0 | 1 | 2],
      ]),
  };
}

function driverSection(drivers: readonly { readonly feature: string; readonly importance: number }[]): ReportSection {
  const total = drivers.reduce((sum, { importance }) => sum + importance, 0);
  const top = [...drivers].sort((a, b) => b.importance - a.importance).slice(0, 10);
  return {
    heading: 'Drivers',
    sentence:
      top.length > 0
        ? `The model rests most on ${listing(top.slice(0, 3).map(({ feature }) => feature))}.`
        : 'The model tells no importance.',
    tables: [
      {
        title: 'What the model rests on',
        columns: ['Feature', 'Share of importance'],
        rows: top.map(({ feature, importance }) => [feature, percent(importance / total)]),
      },
    ],
  };
}

function comparisonSection(figures: BatchFigures, previous: BatchFigures | undefined): ReportSection {
  const heading = 'Since the last batch';
  if (!previous) return { heading, sentence: 'There is no earlier batch to compare with.' };
  const drift = psi(sharesOf(previous.scoreCounts), sharesOf(figures.scoreCounts));
  const model =
    previous.modelVersion === figures.modelVersion ? '' : ` The model changed from ${previous.modelVersion}.`;
  return {
    heading,
    sentence: `The scores' PSI against ${previous.input} (${counted(previous.rows.kept, 'customer')}) is ${number(drift)}: ${driftBandOf(drift)}.${model}`,
    tables: [
      {
        title: 'Bands then and now',
        columns: ['Band', 'Share then', 'Share now', 'Expected rate then', 'Expected rate now'],
        rows: figures.bands.map((band, i) => {
          const before = previous.bands[i] as BatchBand;
          return [
            band.name,
            percent(before.customers / previous.rows.kept),
            percent(band.customers / figures.rows.kept),
            percent(before.expectedConversions / before.customers),
            percent(band.expectedConversions / band.customers),
          ];
        }),
      },
    ],
  };
}

function qualitySection({ rows, problems, missing }: BatchFigures): ReportSection {
  const sparse = missing.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
  return {
    heading: 'Data quality',
    sentence: `${counted(rows.read, 'row')} read, ${integer(rows.kept)} scored, ${integer(rows.rejected)} rejected, ${integer(rows.blank)} empty; ${problems.length === 0 ? 'no problem was found in them' : `${counted(problems.length, 'kind')} of problem, listed row by row in problems.csv`}.`,
    tables: [
      {
        title: 'Problems',
        columns: ['Column', 'Problem', 'Rows'],
        rows: problems.map((each) => [each.column || 'Whole row', each.problem, integer(each.rows)]),
      },
      {
        title: 'Columns with missing values',
        columns: ['Column', 'Missing'],
        rows: sparse.slice(0, 20).map(({ column, share }) => [column, percent(share)]),
      },
    ].filter(({ rows: lines }) => lines.length > 0),
  };
}
