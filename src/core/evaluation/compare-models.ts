import { delongTest, holmCorrection } from './delong.ts';
import { equalCountBins } from './equal-count-bins.ts';
import { groupByScore } from './score-groups.ts';

export interface RankedModel<Kind extends string> {
  readonly kind: Kind;
  /** "Gradient boosting". */
  readonly label: string;
  /** Raw scores of the test customers. */
  readonly ranking: Float64Array;
}

export interface ModelComparison<Kind extends string> {
  readonly better: Kind;
  readonly other: Kind;
  /** At least 0. */
  readonly aucDifference: number;
  /** DeLong's paired test, Holm-corrected over all pairs. */
  readonly pValue: number;
  readonly verdict: 'yes' | 'no' | 'not enough data';
  /** Buyers among the tenth ranked highest, the better one's minus the other's. */
  readonly conversionsTop10: number;
  readonly sentence: string;
}

/** Below this many test conversions the test's normal approximation says too little. */
const fewestConversions = 100;
const significance = 0.05;

/** Every pair of models on the same test customers: does the one with the higher AUC truly rank better? */
export function compareModels<Kind extends string>(
  labels: Int8Array,
  models: readonly RankedModel<Kind>[],
): readonly ModelComparison<Kind>[] {
  const conversions = labels.reduce<number>((sum, label) => sum + label, 0);
  const pairs = models.flatMap((first, i) => models.slice(i + 1).map((second) => pairOf(labels, first, second)));
  const corrected = holmCorrection(pairs.map((pair) => pair.pValue));
  return pairs.map(({ better, other, difference }, i) => {
    const pValue = corrected[i] as number;
    const verdict = conversions < fewestConversions ? 'not enough data' : pValue < significance ? 'yes' : 'no';
    const conversionsTop10 = topConversions(labels, better.ranking) - topConversions(labels, other.ranking);
    const found = {
      better: better.kind,
      other: other.kind,
      aucDifference: difference,
      pValue,
      verdict,
      conversionsTop10,
    } as const;
    return { ...found, sentence: sentenceOf(better.label, other.label, found, conversions) };
  });
}

function pairOf<Kind extends string>(labels: Int8Array, first: RankedModel<Kind>, second: RankedModel<Kind>) {
  const { difference, pValue } = delongTest(labels, first.ranking, second.ranking);
  const inOrder = difference >= 0;
  return {
    better: inOrder ? first : second,
    other: inOrder ? second : first,
    difference: Math.abs(difference),
    pValue: Number.isNaN(pValue) ? 1 : pValue,
  };
}

function topConversions(labels: Int8Array, ranking: Float64Array): number {
  return equalCountBins(groupByScore(labels, ranking).groups, 10)[0]?.positives ?? 0;
}

function sentenceOf(
  better: string,
  other: string,
  found: Omit<ModelComparison<string>, 'sentence'>,
  conversions: number,
): string {
  const { verdict, aucDifference, pValue, conversionsTop10 } = found;
  if (verdict === 'not enough data') {
    return `Whether ${inSentence(better)} ranks better than ${inSentence(other)} cannot be told: ${conversions} test conversions, at least ${fewestConversions} are needed.`;
  }
  const chance = pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toPrecision(2)}`;
  const figures = `AUC ${aucDifference.toFixed(3)} higher, ${chance}; ${buyersOf(conversionsTop10)} among the 10 % ranked highest`;
  return verdict === 'yes'
    ? `${better} ranks better than ${inSentence(other)} (${figures}).`
    : `${better} and ${inSentence(other)} rank alike, as far as these test customers tell (${figures}).`;
}

function buyersOf(difference: number): string {
  const whole = Math.round(Math.abs(difference));
  if (whole === 0) return 'as many buyers';
  return `${whole} ${difference > 0 ? 'more' : 'fewer'} ${whole === 1 ? 'buyer' : 'buyers'}`;
}

function inSentence(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
