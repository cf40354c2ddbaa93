import type { LeafConditions, SplitInfo } from '../../kernels/boosting-engine.ts';
import type { Random } from '../../shared/random.ts';
import type { BinnedFeature } from './binned-data.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import type { FeatureRules } from './feature-rules.ts';
import { createFeatureSampling, roundRandom, shareOf } from './sampling.ts';

/** What a leaf must keep to while its tree grows. */
export interface LeafRule {
  /** Only under constraints of outputs. */
  readonly conditions?: LeafConditions;
  /** Features it may split on; absent: those of the tree. */
  readonly allowed?: Uint8Array;
  /** Features split on from the root down to it. */
  readonly branch: readonly number[];
}

/** The rules of one tree in growth. */
export interface TreeRules {
  /** Absent where leaves need no rules. */
  readonly root: LeafRule | undefined;
  /** Features that the root may split on, and the seed of its thresholds. */
  readonly allowed: Uint8Array;
  readonly key: number;
  /** Of the two children that a split makes; `node` is the number of the new inner node. */
  children(parent: LeafRule, split: SplitInfo, node: number): readonly [LeafRule, LeafRule];
}

/** Whether leaf outputs are bounded, clipped, smoothed or their thresholds drawn, so that gains are not the plain ones. */
export function isConstrained(chosen: BoostingParameters, rules: FeatureRules): boolean {
  const { max_delta_step, path_smooth, extra_trees } = chosen;
  return max_delta_step > 0 || path_smooth > 0 || extra_trees || rules.monotone.some((sign) => sign !== 0);
}

/** The rules of each round's tree, by its number from 1. */
export function createTreeRules(
  chosen: BoostingParameters,
  rules: FeatureRules,
  features: readonly BinnedFeature[],
  seed: number,
): (round: number) => TreeRules {
  const treeFeatures = createFeatureSampling(chosen, seed, features.length);
  const constrained = isConstrained(chosen, rules);
  const perLeaf = chosen.feature_fraction_bynode < 1 || rules.interactions.length > 0;
  return (round) => {
    const ofTree = treeFeatures(round);
    const random = perLeaf ? roundRandom(seed, chosen.feature_fraction_seed, 1_000_000_000 + round) : undefined;
    const key = constrained ? roundRandom(seed, chosen.extra_seed, 2_000_000_000 + round).integer(4_294_967_296) : 0;
    const keyOf = (leaf: number) => Math.imul(key + leaf, 0x9e3779b1) | 0;
    const allowedBelow = (branch: readonly number[]) =>
      random ? drawForLeaf(ofTree, branch, chosen, rules, random) : undefined;
    const ruleOf = (branch: readonly number[], conditions: LeafConditions | undefined): LeafRule => {
      const allowed = allowedBelow(branch);
      return { branch, ...(allowed ? { allowed } : {}), ...(conditions ? { conditions } : {}) };
    };
    const root = constrained || perLeaf ? ruleOf([], constrained ? rootConditions : undefined) : undefined;
    return {
      root,
      allowed: root?.allowed ?? ofTree,
      key: keyOf(0),
      children(parent, split, node) {
        const branch = parent.branch.includes(split.feature) ? parent.branch : [...parent.branch, split.feature];
        const [left, right] = parent.conditions
          ? childConditions(parent.conditions, split, rules.monotone[split.feature] as number)
          : [undefined, undefined];
        return [
          ruleOf(branch, left && { ...left, key: keyOf(2 * node + 1) }),
          ruleOf(branch, right && { ...right, key: keyOf(2 * node + 2) }),
        ];
      },
    };
  };
}

/** The kernel finds the root's own output from its sums. */
const rootConditions: LeafConditions = {
  output: Number.NaN,
  lower: Number.NEGATIVE_INFINITY,
  upper: Number.POSITIVE_INFINITY,
  key: 0,
};

/** LightGBM's basic method: after a split on a monotone feature neither side may pass the middle of the two outputs. */
function childConditions(own: LeafConditions, { kind, outputs }: SplitInfo, monotone: number) {
  const { left = 0, right = 0 } = outputs ?? {};
  const middle = (left + right) / 2;
  const rises = kind === 'number' && monotone > 0;
  const falls = kind === 'number' && monotone < 0;
  const below = { lower: own.lower, upper: Math.min(own.upper, middle) };
  const above = { lower: Math.max(own.lower, middle), upper: own.upper };
  return [
    { ...own, output: left, ...(rises ? below : falls ? above : {}) },
    { ...own, output: right, ...(rises ? above : falls ? below : {}) },
  ] as const;
}

/** LightGBM's ColSampler::GetByNode: what interactions allow below this branch, then a share of it drawn. */
function drawForLeaf(
  ofTree: Uint8Array,
  branch: readonly number[],
  { feature_fraction_bynode }: BoostingParameters,
  { interactions }: FeatureRules,
  random: Random,
): Uint8Array {
  let mayInteract: Set<number> | undefined;
  if (interactions.length > 0) {
    const together = interactions.filter((set) => branch.every((feature) => set.has(feature)));
    mayInteract = new Set([...branch, ...together.flatMap((set) => [...set])]);
  }
  const candidates: number[] = [];
  let treeCount = 0;
  ofTree.forEach((is, feature) => {
    treeCount += is;
    if (is && (mayInteract?.has(feature) ?? true)) candidates.push(feature);
  });
  const count = Math.min(candidates.length, shareOf(treeCount, feature_fraction_bynode));
  const drawn = count < candidates.length ? random.shuffle(candidates).slice(0, count) : candidates;
  const allowed = new Uint8Array(ofTree.length);
  for (const feature of drawn) allowed[feature] = 1;
  return allowed;
}
