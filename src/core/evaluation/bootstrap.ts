import { createRandom, type Random } from '../shared/random.ts';
import { type Banded, centredBandOfResamples } from './banded.ts';
import { type ScoreMeasureName, scoreMeasures } from './measures/catalogue.ts';
import { type Grouping, groupByScore, type ScoreGroups, withTotals } from './score-groups.ts';

const resampleCount = 200;

/** Above this many customers the spread is taken from that many of them, drawn at random. */
const mostResampled = 50_000;

export interface ScoredSample {
  readonly labels: Int8Array;
  readonly ranking: Grouping;
  readonly probability: Grouping;
}

type Measures<T> = Record<ScoreMeasureName, T>;

const names = Object.keys(scoreMeasures) as ScoreMeasureName[];

/**
 * Every score measure with its bootstrap band (customers drawn with replacement; Efron 1979). Of many customers a random
 * m of the n are resampled and the spread is multiplied by √(m/n): every measure's spread shrinks with the root of n.
 */
export function bootstrapMeasures(sample: ScoredSample, seed: number): Measures<Banded> {
  const random = createRandom(seed);
  const rowCount = sample.labels.length;
  const resampled = resampleMeasures(rowCount > mostResampled ? subsample(sample, random) : sample, random);
  const scale = Math.sqrt(Math.min(1, mostResampled / rowCount));
  const values = measureAll({ ranking: sample.ranking.groups, probability: sample.probability.groups });
  return forEachMeasure((name) =>
    centredBandOfResamples(values[name], resampled[name], scoreMeasures[name].most, scale),
  );
}

/** Every score measure without bands. */
export function measureAll(groups: Readonly<Record<'ranking' | 'probability', ScoreGroups>>): Measures<number> {
  return forEachMeasure((name) => scoreMeasures[name].of(groups[scoreMeasures[name].reads]));
}

function forEachMeasure<T>(of: (name: ScoreMeasureName) => T): Measures<T> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Measures<T>;
}

/** The sorting is done once: a resample only counts how often each distinct score was drawn. */
function resampleMeasures(sample: ScoredSample, random: Random): Measures<Float64Array> {
  const { labels, ranking, probability } = sample;
  const values = forEachMeasure(() => new Float64Array(resampleCount));
  const drawnRanking = emptyCounts(ranking.groups);
  const sameGroups = equalGroups(ranking.groupOf, probability.groupOf);
  const drawnProbability = sameGroups
    ? { ...drawnRanking, scores: probability.groups.scores }
    : emptyCounts(probability.groups);
  const rowCount = labels.length;
  for (let resample = 0; resample < resampleCount; resample++) {
    clear(drawnRanking);
    if (!sameGroups) clear(drawnProbability);
    for (let draw = 0; draw < rowCount; draw++) {
      const row = random.integer(rowCount);
      const label = labels[row] as number;
      count(drawnRanking, ranking.groupOf[row] as number, label);
      if (!sameGroups) count(drawnProbability, probability.groupOf[row] as number, label);
    }
    const measured = measureAll({ ranking: counted(drawnRanking), probability: counted(drawnProbability) });
    for (const name of names) values[name][resample] = measured[name];
  }
  return values;
}

function subsample({ labels, ranking, probability }: ScoredSample, random: Random): ScoredSample {
  const order = random.shuffle(Uint32Array.from(labels, (_, row) => row));
  const rows = order.subarray(0, mostResampled);
  const chosen = Int8Array.from(rows, (row) => labels[row] as number);
  const regroup = ({ groups, groupOf }: Grouping): Grouping => {
    return groupByScore(
      chosen,
      Float64Array.from(rows, (row) => groups.scores[groupOf[row] as number] as number),
    );
  };
  return { labels: chosen, ranking: regroup(ranking), probability: regroup(probability) };
}

type Counts = Pick<ScoreGroups, 'scores' | 'rows' | 'positives'>;

function emptyCounts({ scores }: ScoreGroups): Counts {
  return { scores, rows: new Float64Array(scores.length), positives: new Float64Array(scores.length) };
}

function counted({ scores, rows, positives }: Counts): ScoreGroups {
  return withTotals(scores, rows, positives);
}

function clear(counts: Counts): void {
  counts.rows.fill(0);
  counts.positives.fill(0);
}

function count(counts: Counts, group: number, label: number): void {
  counts.rows[group] = (counts.rows[group] as number) + 1;
  counts.positives[group] = (counts.positives[group] as number) + label;
}

function equalGroups(a: Uint32Array, b: Uint32Array): boolean {
  for (let row = 0; row < a.length; row++) if (a[row] !== b[row]) return false;
  return true;
}
