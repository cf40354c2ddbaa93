import { writeCsv } from '../../data/csv/write-csv.ts';
import { createFrame, createTextColumn, type Frame } from '../../data/frame.ts';
import { bootstrapIntervals } from '../../models/logistic/bootstrap.ts';
import { measureCollinearity } from '../../models/logistic/collinearity.ts';
import { inferCoefficients } from '../../models/logistic/inference.ts';
import type { LogisticModel } from '../../models/logistic/logistic-model.ts';
import { logisticSettings } from '../../models/logistic/logistic-parameters.ts';
import { oddsInWords } from '../../models/logistic/odds-in-words.ts';
import type { TrainingInput } from '../../models/model.ts';
import { coefficientsFigure } from '../../reports/figures/coefficients.ts';
import { importanceFigure } from '../../reports/figures/importance.ts';
import { brief, counted, integer, listing, plainName } from '../../reports/words.ts';
import type { Checkpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import { exp } from '../../shared/exact-math.ts';
import type { JobRun } from '../job.ts';
import type { CoefficientBasis, CoefficientRow, CoefficientSummary, CollinearitySummary } from '../study-contract.ts';
import { trainingInputOf } from './models.ts';
import { getModel, type StudyHost, type StudyState } from './state.ts';

export function coefficientJobs(state: StudyState, host: StudyHost) {
  return {
    async coefficients({ by }: { readonly by: CoefficientBasis }, { checkpoint }: JobRun): Promise<CoefficientSummary> {
      const model = logisticModel(state);
      const input = inputOf(state, model);
      const bases = basesOf(model);
      if (!bases.includes(by)) {
        throw new StudioError('request.invalid', `This fit has no ${by} intervals.`, {
          fix: `Ask for ${bases.join(' or ')}.`,
        });
      }
      const context = { kernels: await host.kernels, checkpoint };
      const { rows, dropped, notes } =
        by === 'bootstrap'
          ? await byBootstrap(input, model, context)
          : await byRefit(input, model, context, by === 'robust');
      const inputs = rows.filter(({ name }) => name !== 'intercept');
      const verdict = verdictOf(inputs);
      return {
        by,
        bases,
        rows,
        dropped,
        notes,
        figure: coefficientsFigure(inputs, { caption: captionOf(inputs, by) }),
        file: { name: `coefficients-${by}.csv`, mediaType: 'text/csv', bytes: writeCsv(tableOf(rows)) },
        verdict,
      };
    },

    async collinearity(_input: Record<string, never>, { checkpoint }: JobRun): Promise<CollinearitySummary> {
      const model = logisticModel(state);
      const kernels = await host.kernels;
      const found = await measureCollinearity(inputOf(state, model), { kernels, checkpoint });
      const ranked = found.inflation.map(({ name, factor }) => ({ feature: name, importance: factor }));
      const figure = importanceFigure(ranked, { tone: 'logistic', measure: 'Variance inflation factor' });
      const verdict = collinearityVerdict(found);
      return {
        ...found,
        verdict,
        figure: {
          ...figure,
          id: 'variance-inflation',
          title: 'How much of each input the others tell',
          caption:
            'An input whose bar passes 10 (the line) has a badly determined coefficient of its own; 1 is an input that stands alone.',
          rules: [{ axis: 'x', at: 10, tone: 'reference' }],
        },
      };
    },
  };
}

function logisticModel(state: StudyState): LogisticModel {
  return getModel(state, 'logistic').trained.model as LogisticModel;
}

/** The features that the model reads: a refit tells of the same inputs. */
function inputOf(state: StudyState, model: LogisticModel): TrainingInput {
  const input = trainingInputOf(state);
  const read = new Set(model.encoding.columns.map(({ name }) => name));
  return {
    ...input,
    features: { ...input.features, columns: input.features.columns.filter(({ name }) => read.has(name)) },
  };
}

/** An unpenalised fit's own coefficients have errors: the bootstrap is for the others. */
function basesOf({ parameters }: LogisticModel): readonly CoefficientBasis[] {
  const { penalised, classWeight } = logisticSettings(parameters);
  return [
    'likelihood',
    ...(classWeight === 'none' ? [] : (['robust'] as const)),
    ...(penalised ? (['bootstrap'] as const) : []),
  ];
}

interface Context {
  readonly kernels: Awaited<StudyHost['kernels']>;
  readonly checkpoint: Checkpoint;
}

/** Odds times 20,000 per standard deviation: on its way to infinity, where no interval means anything. */
const runawayCoefficient = 10;

async function byRefit(input: TrainingInput, model: LogisticModel, context: Context, weighted: boolean) {
  const { coefficients, dropped, notes } = await inferCoefficients(input, model.parameters, context, { weighted });
  const isFound = ({ name, coefficient, standardError }: (typeof coefficients)[number]) =>
    name === 'intercept' || (Math.abs(coefficient) < runawayCoefficient && Number.isFinite(standardError));
  const lost = coefficients.filter((each) => !isFound(each)).map(({ name }) => plainName(name));
  const rows: readonly CoefficientRow[] = coefficients.filter(isFound);
  if (lost.length === 0) return { rows, dropped, notes };
  const note = `Without a penalty ${listing(lost)} ${lost.length === 1 ? 'has' : 'have'} no finite estimate: almost all customers who differ there decided alike. The bootstrap of a penalised fit tells more.`;
  return { rows, dropped, notes: [...notes, note] };
}

async function byBootstrap(input: TrainingInput, model: LogisticModel, context: Context) {
  const draws = 200;
  const intervals = await bootstrapIntervals(input, model, context, { draws, seed: input.seed });
  const units = unitsOf(model);
  const rows = intervals.map((each): CoefficientRow => {
    const { name, coefficient, low, high } = each;
    const oddsRatio = exp(coefficient);
    const unit = units.get(name);
    const odds = { name, oddsRatio, oddsLow: exp(low), oddsHigh: exp(high) };
    const words =
      name === 'intercept'
        ? 'The log-odds that all inputs add to, under the weights of training.'
        : oddsInWords(unit === undefined ? odds : { ...odds, unit });
    return { ...each, oddsRatio, words };
  });
  return {
    rows,
    dropped: [],
    notes: [
      `The intervals are the middle 95 % of ${draws} fits on drawn customers, each at the C of the model. A penalty pulls every coefficient towards 0, so there are no p-values.`,
    ],
  };
}

/** The standard deviation of each number, in its own unit. */
function unitsOf({ encoding }: LogisticModel): ReadonlyMap<string, number> {
  return new Map(
    encoding.columns.flatMap((column): [string, number][] =>
      column.kind === 'number' ? [[column.name, column.scale]] : [],
    ),
  );
}

const isSure = ({ low, high }: CoefficientRow): boolean => low > 0 || high < 0;

function verdictOf(inputs: readonly CoefficientRow[]): string {
  const sure = inputs.filter(isSure);
  if (sure.length === 0)
    return `None of ${counted(inputs.length, 'input')} surely moves the odds: every interval holds "no difference".`;
  const up = sure.filter(({ low }) => low > 0).toSorted((a, b) => b.coefficient - a.coefficient)[0];
  const down = sure.filter(({ high }) => high < 0).toSorted((a, b) => a.coefficient - b.coefficient)[0];
  const ends = [
    up ? `${plainName(up.name)} raises them most (${brief(up.oddsRatio)} times)` : '',
    down ? `${plainName(down.name)} lowers them most (${brief(down.oddsRatio)} times)` : '',
  ].filter(Boolean);
  const chance = Math.round(inputs.length * 0.05);
  const caution = chance > 0 ? ` By chance alone about ${chance} would seem to.` : '';
  return `${sure.length} of ${counted(inputs.length, 'input')} move the odds of converting with 95 % confidence each: ${ends.join('; ')}.${caution}`;
}

const sources: Readonly<Record<CoefficientBasis, string>> = {
  likelihood: 'a refit without penalty and without weights',
  robust: 'a refit without penalty under the weights of training, with robust errors (HC0)',
  bootstrap: 'the model itself, with bootstrap intervals',
};

function captionOf(inputs: readonly CoefficientRow[], by: CoefficientBasis): string {
  const unsure = inputs.filter((each) => !isSure(each)).length;
  return `Bars are ${sources[by]}: per standard deviation of a number, or for having a level. Lines are 95 % intervals; the ${integer(unsure)} of ${counted(inputs.length, 'input')} that could as well make no difference are grey.`;
}

function collinearityVerdict({
  inflation,
  correlated,
  dropped,
}: Pick<CollinearitySummary, 'inflation' | 'correlated' | 'dropped'>): string {
  const large = inflation.filter(({ factor }) => factor > 10).length;
  if (large + correlated.length + dropped.length === 0) {
    return 'The inputs say different things: every coefficient can be read on its own.';
  }
  const parts = [
    dropped.length > 0 ? `${counted(dropped.length, 'input')} told exactly by others` : '',
    large > 0 ? `${counted(large, 'input')} mostly told by others (variance inflation above 10)` : '',
    correlated.length > 0 ? `${counted(correlated.length, 'pair')} correlated above 0.8` : '',
  ].filter(Boolean);
  return `Some inputs say the same thing: ${parts.join(', ')}. Scores are not harmed by that; single coefficients of these inputs mean little.`;
}

function tableOf(rows: readonly CoefficientRow[]): Frame {
  const numbers = (name: string, of: (row: CoefficientRow) => number | undefined) =>
    rows.some((row) => of(row) !== undefined)
      ? [{ kind: 'number' as const, name, values: Float64Array.from(rows, (row) => of(row) ?? Number.NaN) }]
      : [];
  const words = (name: string, of: (row: CoefficientRow) => string) => createTextColumn(name, rows.map(of));
  return createFrame([
    words('input', (row) => row.name),
    ...numbers('coefficient', (row) => row.coefficient),
    ...numbers('low_95', (row) => row.low),
    ...numbers('high_95', (row) => row.high),
    ...numbers('standard_error', (row) => row.standardError),
    ...numbers('z', (row) => row.z),
    ...numbers('p_value', (row) => row.pValue),
    ...numbers('kept_share', (row) => row.keptShare),
    ...numbers('odds_ratio', (row) => row.oddsRatio),
    words('in_words', (row) => row.words),
  ]);
}
