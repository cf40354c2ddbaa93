import { createRandom } from '../shared/random.ts';
import { type Banded, centredBandOfResamples } from './banded.ts';
import { type ScoreMeasureName, scoreMeasures } from './measures/catalogue.ts';
import { type Grouping, type ScoreGroups, withTotals } from './score-groups.ts';

export const resampleCount = 200;

export interface ScoredSample {
  readonly labels: Int8Array;
  readonly ranking: Grouping;
  readonly probability: Grouping;
  readonly seed: number;
}

/**
 * Every score measure with its bootstrap band (customers drawn with replacement, percentile interval; Efron 1979). The
 * sorting is done once: a resample only counts how often each distinct score was drawn.
 */
export function bootstrapMeasures(sample: ScoredSample): Record<ScoreMeasureName, Banded> {
  const { labels, ranking, probability, seed } = sample;
  const names = Object.keys(scoreMeasures) as ScoreMeasureName[];
  const resampled = new Map(names.map((name) => [name, new Float64Array(resampleCount)]));
  const drawnRanking = emptyCounts(ranking.groups);
  const sameGroups = equalGroups(ranking.groupOf, probability.groupOf);
  const drawnProbability = sameGroups
    ? { ...drawnRanking, scores: probability.groups.scores }
    : emptyCounts(probability.groups);
  const random = createRandom(seed);
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
    const drawn = { ranking: counted(drawnRanking), probability: counted(drawnProbability) };
    for (const name of names) {
      const measure = scoreMeasures[name];
      const value = measure.of(drawn[measure.reads]);
      (resampled.get(name) as Float64Array)[resample] = value;
    }
  }
  const bands = names.map((name) => {
    const measure = scoreMeasures[name];
    const value = measure.of(measure.reads === 'ranking' ? ranking.groups : probability.groups);
    return [name, centredBandOfResamples(value, resampled.get(name) as Float64Array, measure.most)];
  });
  return Object.fromEntries(bands) as Record<ScoreMeasureName, Banded>;
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
