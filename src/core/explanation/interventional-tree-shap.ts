import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { goesLeft } from '../models/boosting/decision.ts';
import { treesInLogOdds } from './tree-shap.ts';

/**
 * Exact interventional TreeSHAP in float64 (Lundberg et al. 2020): the Shapley values of the game in which absent features
 * are taken from each background row in turn. Equal to the shap package's `feature_perturbation="interventional"`.
 */
export interface InterventionalTreeShap {
  /** By link, the mean over the background rows of what is explained. */
  readonly expectedValues: readonly number[];
  /** By link, each feature's attribution for one row, in the model's feature order. */
  attributionsOf(row: Float64Array): Float64Array[];
}

/** Raw scores nearer than this count as the same: what comes of them is explained by nothing. */
const sameScore = 1e-12;

/**
 * @param background rows one after the other, in the model's feature order
 * @param links of each what is explained: the raw score where undefined, else link(raw score), by the comparison with each
 * background row rescaled to the difference it makes there; `model_output="probability"` of the shap package where it is
 * the sigmoid
 */
export function interventionalTreeShap(
  model: BoostingModel,
  background: readonly Float64Array[],
  links: readonly (((rawScore: number) => number) | undefined)[],
): InterventionalTreeShap {
  const trees = treesInLogOdds(model);
  const rawScore = (row: Float64Array): number => trees.reduce((sum, tree) => sum + leafOf(tree, row), 0);
  const others = background.map((row) => ({ row, raw: rawScore(row) }));
  const compare = createComparison(model.features.length);
  return {
    expectedValues: links.map(
      (link = (raw) => raw) => others.reduce((sum, { raw }) => sum + link(raw), 0) / others.length,
    ),
    attributionsOf(row) {
      const raw = rawScore(row);
      const phis = links.map(() => new Float64Array(row.length));
      const difference = new Float64Array(row.length);
      for (const other of others) {
        difference.fill(0);
        for (const tree of trees) compare(tree, row, other.row, difference);
        const moved = raw - other.raw;
        for (const [l, link] of links.entries()) {
          const slope = !link ? 1 : Math.abs(moved) < sameScore ? 0 : (link(raw) - link(other.raw)) / moved;
          const phi = phis[l]!;
          for (let i = 0; i < phi.length; i++) phi[i]! += (difference[i]! * slope) / others.length;
        }
      }
      return phis;
    },
  };
}

function leafOf(tree: Tree, row: Float64Array): number {
  if (tree.leafCount === 1) return tree.leafValue[0]!;
  let node = 0;
  while (node >= 0)
    node = (goesLeft(tree, node, row[tree.splitFeature[node]!]!) ? tree.leftChild : tree.rightChild)[node]!;
  return tree.leafValue[~node]!;
}

/**
 * A leaf of value v that a path reaches on which the first row wins a features and the second b is worth v to coalitions
 * with all of the a and none of the b: each of the a gets v (a − 1)! b! / (a + b)!, each of the b −v a! (b − 1)! / (a + b)!.
 */
export function sharesOf(value: number, a: number, b: number): { toFirst: number; toSecond: number } {
  return {
    toFirst: a === 0 ? 0 : value * share(a - 1, b),
    toSecond: b === 0 ? 0 : -value * share(b - 1, a),
  };
}

/** The Shapley values of one tree between two rows. */
function createComparison(featureCount: number) {
  /** Of a feature on the path: 0 undecided, 1 the first row's, 2 the second's. */
  const owner = new Uint8Array(featureCount);
  let tree: Tree;
  let first: Float64Array;
  let second: Float64Array;
  let phi: Float64Array;
  // What the leaves below give to each of the first row's features on the path, and to each of the second's.
  let toFirst = 0;
  let toSecond = 0;

  const visit = (node: number, a: number, b: number): void => {
    if (node < 0) {
      ({ toFirst, toSecond } = sharesOf(tree.leafValue[~node]!, a, b));
      return;
    }
    const feature = tree.splitFeature[node]!;
    const left = tree.leftChild[node]!;
    const right = tree.rightChild[node]!;
    const own = owner[feature]!;
    const firstGoes = own === 2 ? goesLeft(tree, node, second[feature]!) : goesLeft(tree, node, first[feature]!);
    const firstChild = firstGoes ? left : right;
    if (own !== 0 || goesLeft(tree, node, second[feature]!) === firstGoes) {
      visit(firstChild, a, b);
      return;
    }
    owner[feature] = 1;
    visit(firstChild, a + 1, b);
    const [aboveFirst, aboveSecond] = [toFirst, toSecond];
    owner[feature] = 2;
    visit(firstGoes ? right : left, a, b + 1);
    owner[feature] = 0;
    phi[feature]! += aboveFirst + toSecond;
    toFirst += aboveFirst;
    toSecond += aboveSecond;
  };

  return (comparedTree: Tree, firstRow: Float64Array, secondRow: Float64Array, into: Float64Array): void => {
    if (comparedTree.leafCount === 1) return;
    tree = comparedTree;
    first = firstRow;
    second = secondRow;
    phi = into;
    visit(0, 0, 0);
  };
}

/** n! m! / (n + m + 1)!. */
function share(n: number, m: number): number {
  let product = 1 / (n + m + 1);
  const small = Math.min(n, m);
  for (let i = 1; i <= small; i++) product *= i / (n + m + 1 - i);
  return product;
}
