import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { goesLeft } from '../models/boosting/decision.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { shapeOf, treesInLogOdds } from './tree-shap.ts';

/**
 * SHAP interaction values of one row in log-odds (Lundberg et al. 2020, eq. 3 to 5), path-dependent, exact in float64:
 * entry i × features + j is half of what features i and j give only together; the diagonal is what is left of i's
 * attribution, to which row i adds up. By Owen's integral, as in tree-shap.ts: of two features i and j
 *
 *   interaction = ½ sum over leaves of v (o_i − z_i) (o_j − z_j) * integral over t in 0…1 of the product of f_k(t), k ≠ i, j.
 */
export function treeInteractions(model: BoostingModel, row: Float64Array): Float64Array {
  const count = model.features.length;
  const into = new Float64Array(count * count);
  const trees = treesInLogOdds(model).filter((tree) => tree.leafCount > 1);
  const most = trees.reduce((width, tree) => Math.max(width, shapeOf(tree).features), 1);
  const add = createWalk(most, count, into);
  for (const tree of trees) add(tree, row);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) if (j !== i) into[i * count + i]! -= into[i * count + j]!;
  }
  return into;
}

/** Adds a tree's interactions off the diagonal of `into`, and its attributions on it. */
function createWalk(most: number, featureCount: number, into: Float64Array): (tree: Tree, row: Float64Array) => void {
  // A product of D − 1 linear factors takes D / 2 nodes.
  const { nodes, weights } = gaussLegendre(Math.ceil(most / 2));
  const width = nodes.length;
  // The different features on the path, with the share of training rows that pass and whether this row does.
  const features = new Int32Array(most);
  const zeros = new Float64Array(most);
  const ones = new Float64Array(most);
  const place = new Int32Array(featureCount).fill(-1);
  const terms = new Float64Array(width);
  const ratios = new Float64Array(most * width);

  const addLeaf = (value: number, count: number): void => {
    for (let q = 0; q < width; q++) {
      const t = nodes[q]!;
      let product = value * weights[q]!;
      for (let k = 0; k < count; k++) {
        const factor = t * ones[k]! + (1 - t) * zeros[k]!;
        product *= factor;
        ratios[k * width + q] = (ones[k]! - zeros[k]!) / factor;
      }
      terms[q] = product;
    }
    for (let i = 0; i < count; i++) {
      const at = features[i]! * featureCount;
      for (let q = 0; q < width; q++) into[at + features[i]!]! += terms[q]! * ratios[i * width + q]!;
      for (let j = 0; j < i; j++) {
        let sum = 0;
        for (let q = 0; q < width; q++) sum += terms[q]! * ratios[i * width + q]! * ratios[j * width + q]!;
        into[at + features[j]!]! += sum / 2;
        into[features[j]! * featureCount + features[i]!]! += sum / 2;
      }
    }
  };

  const visit = (tree: Tree, row: Float64Array, node: number, count: number): void => {
    if (node < 0) {
      addLeaf(tree.leafValue[~node]!, count);
      return;
    }
    const feature = tree.splitFeature[node]!;
    const isNew = place[feature]! < 0;
    const k = isNew ? count : place[feature]!;
    const zero = isNew ? 1 : zeros[k]!;
    const one = isNew ? 1 : ones[k]!;
    const goes = goesLeft(tree, node, row[feature]!);
    place[feature] = k;
    features[k] = feature;
    for (const isLeft of [true, false]) {
      const child = (isLeft ? tree.leftChild : tree.rightChild)[node]!;
      const rows = child < 0 ? tree.leafCountRows[~child]! : tree.internalCount[child]!;
      zeros[k] = (zero * rows) / tree.internalCount[node]!;
      ones[k] = goes === isLeft ? one : 0;
      // Neither training rows nor this one come here: nothing below counts.
      if (zeros[k] !== 0 || ones[k] !== 0) visit(tree, row, child, isNew ? count + 1 : count);
    }
    zeros[k] = zero;
    ones[k] = one;
    if (isNew) place[feature] = -1;
  };

  return (tree, row) => visit(tree, row, 0, 0);
}
