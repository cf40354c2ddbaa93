import type { Banded } from '../evaluation/banded.ts';
import { rateBand } from '../evaluation/bands.ts';
import type { FeatureDrift } from '../monitoring/window.ts';
import { brief, counted, integer, listing, number, percent, plainName } from './words.ts';

/** What the data page says first: who is there, how many converted, and how well anyone could rank them. */
export function dataVerdict(summary: {
  readonly rowCount: number;
  readonly label?: { readonly positives: number; readonly negatives: number; readonly unknown: number };
  readonly oracleAuc?: number;
}): string {
  const { rowCount, label, oracleAuc } = summary;
  if (!label) return `${integer(rowCount)} customers. Choose the column that says who converted.`;
  const known = label.positives + label.negatives;
  const { low, high } = rateBand(label.positives, known);
  const rate = `${percent(label.positives / known)} of ${integer(known)} customers converted (${percent(low)} to ${percent(high)} if they are a sample)`;
  const unknown = label.unknown > 0 ? ` ${integer(label.unknown)} more have no outcome yet and can be scored.` : '';
  if (label.positives === 0 || label.negatives === 0) {
    return `Every one of the ${integer(known)} customers has the same outcome: there is nothing to learn.${unknown}`;
  }
  const few = label.positives < 200 ? ` Only ${integer(label.positives)} conversions: expect wide bands.` : '';
  const ceiling = oracleAuc === undefined ? '' : ` No model can rank them better than AUC ${number(oracleAuc)}.`;
  return `${rate}.${few}${ceiling}${unknown}`;
}

export function featuresVerdict(summary: {
  readonly features: readonly { readonly name: string; readonly family: string; readonly aloneAuc: number }[];
  readonly rows: { readonly train: number };
}): string {
  const { features, rows } = summary;
  const strongest = features.toSorted((a, b) => b.aloneAuc - a.aloneAuc)[0];
  if (!strongest) return 'No column can be used as a feature. Give at least one column the role "feature".';
  const families = new Set(features.map((feature) => feature.family)).size;
  return `${counted(features.length, 'feature')} in ${counted(families, 'family', 'families')}, learned on ${integer(rows.train)} training customers only. The strongest alone is ${plainName(strongest.name)}: AUC ${number(strongest.aloneAuc)}.`;
}

export function trainingVerdict(
  models: readonly { readonly label: string; readonly validationAuc: number; readonly trainSeconds: number }[],
): string {
  const best = models.toSorted((a, b) => b.validationAuc - a.validationAuc)[0];
  if (!best) return 'No model has been trained yet.';
  const seconds = models.reduce((sum, model) => sum + model.trainSeconds, 0);
  const count = models.length === 1 ? 'One model' : `${models.length} models`;
  return `${count} trained in ${brief(seconds)} seconds of work. ${best.label} ranks validation customers best: AUC ${number(best.validationAuc)}; the test customers have the last word.`;
}

interface EvaluatedSummary {
  readonly best: string;
  readonly models: readonly {
    readonly kind: string;
    readonly label: string;
    readonly metrics: { readonly auc: Banded; readonly lift10: Banded; readonly capture10: Banded };
  }[];
  readonly comparisons: readonly {
    readonly better: string;
    readonly other: string;
    readonly aucDifference: number;
    readonly verdict: 'yes' | 'no' | 'not enough data';
  }[];
  readonly testConversions: number;
}

export function evaluationVerdict(summary: EvaluatedSummary): string {
  const chosen = summary.models.find((model) => model.kind === summary.best);
  if (!chosen) return 'No model has been evaluated yet.';
  const { auc, lift10, capture10 } = chosen.metrics;
  const ranks = `${chosen.label} was chosen on validation and reaches AUC ${banded(auc, number)} on test customers`;
  const top = `the 10 % ranked highest convert ${banded(lift10, brief)} times as often as the average and hold ${percent(capture10.value)} of all buyers`;
  return `${ranks}${rivals(summary)}: ${top}.`;
}

function rivals({ best, models, comparisons, testConversions }: EvaluatedSummary): string {
  const labelOf = (kind: string): string => lowered(models.find((model) => model.kind === kind)?.label ?? kind);
  if (comparisons.length === 0) return '';
  if (comparisons.every((pair) => pair.verdict === 'not enough data')) {
    return `; ${integer(testConversions)} test conversions are too few to rank the models against each other`;
  }
  const beaten = comparisons.filter((pair) => pair.better === best && pair.verdict === 'yes');
  const beating = comparisons.filter((pair) => pair.other === best && pair.verdict === 'yes');
  const level = comparisons.filter((pair) => pair.verdict === 'no' && (pair.better === best || pair.other === best));
  const parts = [
    beaten.length
      ? `ahead of ${listing(beaten.map((pair) => `${labelOf(pair.other)} by ${pair.aucDifference.toFixed(3)}`))}`
      : '',
    level.length
      ? `level with ${listing(level.map((pair) => labelOf(pair.better === best ? pair.other : pair.better)))}`
      : '',
    beating.length ? `behind ${listing(beating.map((pair) => labelOf(pair.better)))}` : '',
  ].filter(Boolean);
  return parts.length ? `, ${listing(parts)}` : '';
}

export function decisionVerdict(summary: {
  readonly contacts: Banded;
  readonly conversions: Banded;
  readonly profit: Banded;
  readonly reach: Banded;
  readonly currency: string;
}): string {
  const { contacts, conversions, profit, reach, currency } = summary;
  if (contacts.value === 0) return 'Nobody is worth contacting at this value and cost.';
  const who = `Contact ${integer(contacts.value)} customers`;
  const gain = `expect ${banded(conversions, integer)} conversions and a profit of ${currency} ${banded(profit, integer)}`;
  const verdict =
    profit.low > 0 ? '' : profit.high < 0 ? ' That loses money.' : ' It may lose money: the band reaches below zero.';
  return `${who}: ${gain}, reaching ${percent(reach.value)} of all buyers (${percent(reach.low)} to ${percent(reach.high)}).${verdict}`;
}

export function scoreVerdict(summary: {
  readonly rowCount: number;
  readonly bands: readonly { readonly name: string; readonly customers: number }[];
  readonly expectedConversions: number;
}): string {
  const { rowCount, bands, expectedConversions } = summary;
  if (rowCount === 0) return 'There were no customers to score.';
  const high = bands.find((band) => band.name === 'High')?.customers ?? 0;
  // Each customer converts or not by their own chance: the sum varies by at most the root of its mean.
  const spread = 1.96 * Math.sqrt(expectedConversions);
  const from = integer(Math.max(0, expectedConversions - spread));
  const to = integer(Math.min(rowCount, expectedConversions + spread));
  return `${integer(rowCount)} customers scored: ${integer(high)} stand in the High band (${percent(high / rowCount)}). Expect ${integer(expectedConversions)} conversions among all (${from} to ${to}), if they behave as those the model learned from.`;
}

const scoreMoved = {
  stable: 'not moved',
  moderate: 'moved a little',
  significant: 'moved significantly',
} as const;

/** What moved beyond chance, what only seems to have, and what to do. */
export function driftVerdict(summary: {
  readonly rowCount: number;
  readonly features: readonly Moved[];
  readonly score: Moved;
}): string {
  const { rowCount, features, score } = summary;
  const moved = features.filter(({ alarm }) => alarm).toSorted((a, b) => b.psi - a.psi);
  const noisy = features.filter(({ alarm, band }) => !alarm && band !== 'stable').length;
  const isNoise = !score.alarm && score.band !== 'stable';
  const scores = `the score itself has ${isNoise ? 'moved no more than chance allows' : scoreMoved[score.band]} (PSI ${number(score.psi)})`;
  const doubt = noisy
    ? ` ${counted(noisy, 'feature')} with a PSI of 0.1 or more moved no further than chance allows with ${counted(rowCount, 'customer')}.`
    : '';
  if (moved.length === 0)
    return `${score.alarm ? 'No feature alone has moved' : 'These customers look like those the model learned from'}; ${scores}.${doubt}${adviceOf([score])}`;
  const names = listing(
    moved.slice(0, 3).map(({ feature, psi, band }) => `${plainName(feature)} (${band}, PSI ${number(psi)})`),
  );
  const most = moved.length > 3 ? 'most ' : '';
  return `${moved.length} of ${features.length} features moved beyond chance: ${most}${names}; ${scores}.${doubt}${adviceOf([score, ...moved])}`;
}

type Moved = Pick<FeatureDrift, 'feature' | 'psi' | 'band' | 'alarm'>;

/** Advice only: what the model still achieves on such customers, PSI cannot say. */
function adviceOf(drifts: readonly Moved[]): string {
  if (drifts.some(({ alarm, band }) => alarm && band === 'significant')) {
    return ' Check how these columns are made; if the customers truly changed, train again.';
  }
  return drifts.some(({ alarm }) => alarm) ? ' Keep watching.' : '';
}

/** How sure the bands are: the share of refits that agree, over test customers. */
export function confidenceVerdict(refits: number, meanConfidence: number): string {
  return `${refits} refits on resampled training customers put a test customer in the same band ${percent(meanConfidence)} of the time. This says how sure the band is, not the chance of buying.`;
}

function banded({ value, low, high }: Banded, format: (value: number) => string): string {
  return `${format(value)} (${format(low)}–${format(high)})`;
}

function lowered(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
