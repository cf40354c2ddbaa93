import type { CategoryColumn, Frame } from '../data/frame.ts';
import type { Economics } from '../decisions/economics.ts';
import { type BandName, bandOf, type BandCutoffs } from '../evaluation/bands.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type Checkpoint, noCheckpoint, partOf } from '../shared/checkpoint.ts';
import { mean } from '../shared/statistics.ts';
import { type DomainDrift, domainDrift } from './domain-classifier.ts';
import { type GroupBias, groupBias } from './groups.ts';
import type { JoinedLabels } from './labels.ts';
import { type ModelScores, type MoneyDrift, moneyDrift } from './money.ts';
import { type EstimatedPerformance, estimatePerformance } from './performance/estimate.ts';
import { judgePerformance, type MetricVerdict, shortOfConversions } from './performance/judge.ts';
import { measurePerformance, type Performance } from './performance/performance.ts';
import { restorePerformance } from './performance/stored.ts';
import { type StructureDrift, structureDrift } from './reconstruction.ts';
import { judgeHealth, type Verdict } from './verdict.ts';
import {
  compareWithReference,
  type ReferenceCustomers,
  type ReferenceWindow,
  type WindowComparison,
} from './window.ts';

/** A window of customers, scored, with what is known of them. */
export interface AssessInput {
  readonly name: string;
  readonly window: ReferenceWindow;
  readonly features: Frame;
  readonly scores: { readonly propensity: Float64Array; readonly probability: Float64Array };
  readonly cutoffs: BandCutoffs & { readonly cut: number };
  readonly economics: Economics;
  /** The reference's customers, where they are at hand. */
  readonly customers?: ReferenceCustomers | undefined;
  readonly labels?: JoinedLabels | undefined;
  /** Why outcomes cannot be judged yet: then they are shown and raise no alert. */
  readonly immature?: string | undefined;
  /** Groups to compare prediction and outcome in. */
  readonly groups?: readonly CategoryColumn[];
  /** Scores other features of the same customers; without it the money of single features is not told. */
  readonly score?: (features: Frame) => Promise<ModelScores>;
  /** Tells the windows apart by boosting too, where the reference's customers are at hand; takes seconds. */
  readonly domainKernels?: Kernels;
  readonly seed: number;
  readonly checkpoint?: Checkpoint;
}

/** Everything that one window says. Plain data, without customers. */
export interface WindowAssessment {
  readonly name: string;
  readonly rowCount: number;
  readonly drift: WindowComparison;
  readonly structure?: StructureDrift;
  readonly domain?: DomainDrift;
  readonly predictions: Predictions;
  readonly estimate: EstimatedPerformance;
  /** The reference's own test figures. */
  readonly referencePerformance?: Performance;
  readonly performance?: KnownPerformance;
  readonly immature?: string;
  readonly groups: readonly { readonly column: string; readonly groups: readonly GroupBias[] }[];
  readonly money?: MoneyDrift;
  readonly verdict: Verdict;
}

/** Performance of all labelled customers, and apart of those contacted and kept back. */
export interface KnownPerformance {
  readonly all: Performance;
  readonly contacted?: Performance;
  readonly control?: Performance;
  readonly verdicts: readonly MetricVerdict[];
  /** "not enough conversions yet: 25 of about 250". */
  readonly short?: string;
  /** Share of labelled customers who were contacted: what they did is no answer to what others would do. */
  readonly contactedShare?: number;
}

export interface Predictions {
  readonly meanProbability: number;
  /** The reference's, where the window has it. */
  readonly referenceMean?: number;
  /** Share of customers in each band; the reference's within half of one 400th. */
  readonly bands: Readonly<Record<BandName, number>>;
  readonly referenceBands?: Readonly<Record<BandName, number>>;
}

/** Features weighed in money, each at the price of scoring everybody once more. */
const mostWeighed = 8;

/** All that monitoring says of one window against the reference. */
export async function assessWindow(input: AssessInput): Promise<WindowAssessment> {
  const { window, features, scores, cutoffs, customers, labels, seed, checkpoint = noCheckpoint } = input;
  const drift = await compareWithReference(window, features, scores.propensity, {
    customers,
    checkpoint: partOf(checkpoint, 0, 0.5),
  });
  await checkpoint({ fraction: 0.5, stage: 'Comparing how features hang together' });
  const structure = window.structure && structureDrift(window.structure, features);
  const domain =
    customers && input.domainKernels
      ? await domainDrift(customers, features, {
          kernels: input.domainKernels,
          seed,
          checkpoint: partOf(checkpoint, 0.5, 0.7),
        })
      : undefined;
  const referencePerformance = window.performance && restorePerformance(window.performance);
  const cut = window.performance?.cut ?? cutoffs.cut;
  const performance = labels && knownPerformance(scores, labels, cut, referencePerformance);
  const moved = drift.features
    .filter(({ alarm }) => alarm)
    .slice(0, mostWeighed)
    .flatMap(({ feature }) => window.features.filter(({ name }) => name === feature));
  const money =
    window.scores &&
    (await moneyDrift({
      economics: input.economics,
      cut: cutoffs.cut,
      reference: window.scores,
      referenceRows: window.performance?.rows ?? window.rowCount,
      features,
      scores,
      ...(input.score ? { score: input.score, moved } : { score: () => Promise.resolve(scores), moved: [] }),
      seed,
      checkpoint: partOf(checkpoint, 0.7, 1),
    }));
  const parts = {
    drift,
    ...(structure ? { structure } : {}),
    ...(performance ? { performance } : {}),
    ...(input.immature === undefined ? {} : { immature: input.immature }),
  };
  return {
    name: input.name,
    rowCount: features.rowCount,
    ...parts,
    ...(domain ? { domain } : {}),
    predictions: predictionsOf(scores, cutoffs, window),
    estimate: estimatePerformance(scores.propensity, scores.probability, cut),
    ...(referencePerformance ? { referencePerformance } : {}),
    groups: (input.groups ?? []).map((column) => ({
      column: column.name,
      groups: groupBias(column, scores.probability, labels?.labels),
    })),
    ...(money ? { money } : {}),
    verdict: judgeHealth(parts),
  };
}

function knownPerformance(
  scores: AssessInput['scores'],
  { labels, contacted, control }: JoinedLabels,
  cut: number,
  reference: Performance | undefined,
): KnownPerformance {
  const all = measurePerformance({ labels, ...scores }, cut);
  const among = (flags: Int8Array | undefined) =>
    flags &&
    measurePerformance({ ...scores, labels: labels.map((label, row) => (flags[row] === 1 ? label : -1)) }, cut);
  const ofContacted = among(contacted);
  const ofControl = among(control);
  const verdicts = reference ? judgePerformance(reference, all) : [];
  const short = shortOfConversions(verdicts, all);
  return {
    all,
    ...(ofContacted ? { contacted: ofContacted, contactedShare: ofContacted.rows / all.rows } : {}),
    ...(ofControl ? { control: ofControl } : {}),
    verdicts,
    ...(short === undefined ? {} : { short }),
  };
}

function predictionsOf(
  scores: AssessInput['scores'],
  cutoffs: BandCutoffs,
  { scores: reference }: ReferenceWindow,
): Predictions {
  return {
    meanProbability: mean(scores.probability),
    bands: bandShares(scores.propensity, cutoffs),
    ...(reference
      ? { referenceMean: mean(reference.probability), referenceBands: bandShares(reference.propensity, cutoffs) }
      : {}),
  };
}

function bandShares(propensity: ArrayLike<number>, cutoffs: BandCutoffs): Record<BandName, number> {
  const shares = { High: 0, Medium: 0, Low: 0 };
  for (let row = 0; row < propensity.length; row++)
    shares[bandOf(propensity[row] as number, cutoffs)] += 1 / propensity.length;
  return shares;
}
