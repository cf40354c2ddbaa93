import type { Tree } from '../../src/core/models/boosting/boosting-model.ts';
import { categoricalBit, defaultLeftBit } from '../../src/core/models/boosting/decision.ts';

/** How much of a tree stands in another one, node for node from the root. */
export interface TreeLikeness {
  /** Inner nodes with the same feature, threshold or levels, and row counts of node and children. */
  readonly same: number;
  /** Inner nodes of the larger tree. */
  readonly of: number;
  /** Where they first part, in words. */
  readonly difference?: string;
}

/** Compares splits, thresholds and counts; the side of missing values only of features in `withMissing`. */
export function compareTrees(ours: Tree, peer: Tree, withMissing: ReadonlySet<number>): TreeLikeness {
  const of = Math.max(ours.leafCount, peer.leafCount) - 1;
  let same = 0;
  let difference: string | undefined;
  const open: [number, number][] = [[ours.leafCount > 1 ? 0 : -1, peer.leafCount > 1 ? 0 : -1]];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [mine, theirs] = pair;
    const a = describeNode(ours, mine, withMissing);
    const b = describeNode(peer, theirs, withMissing);
    if (a !== b) {
      difference ??= `${a} | ${b}`;
      continue;
    }
    if (mine < 0) continue;
    same++;
    open.push([ours.rightChild[mine] as number, peer.rightChild[theirs] as number]);
    open.push([ours.leftChild[mine] as number, peer.leftChild[theirs] as number]);
  }
  return { same, of, ...(difference === undefined ? {} : { difference }) };
}

function describeNode(tree: Tree, node: number, withMissing: ReadonlySet<number>): string {
  if (node < 0) return `leaf of ${tree.leafCountRows[~node]}`;
  const feature = tree.splitFeature[node] as number;
  const type = tree.decisionType[node] as number;
  const rule =
    type & categoricalBit ? `in ${levelsLeft(tree, tree.threshold[node] as number)}` : `<= ${bound(tree, node)}`;
  const missing =
    withMissing.has(feature) && !(type & categoricalBit) ? ` missing ${type & defaultLeftBit ? 'left' : 'right'}` : '';
  return `feature ${feature} ${rule}${missing}: ${tree.internalCount[node]} rows, ${count(tree, tree.leftChild[node] as number)} left`;
}

/** LightGBM writes an infinite bound as 1e300. */
function bound(tree: Tree, node: number): number {
  return Math.min(1e300, tree.threshold[node] as number);
}

function count(tree: Tree, link: number): number {
  return (link < 0 ? tree.leafCountRows[~link] : tree.internalCount[link]) as number;
}

function levelsLeft(tree: Tree, set: number): string {
  const levels: number[] = [];
  const from = tree.catBoundaries[set] as number;
  for (let word = from; word < (tree.catBoundaries[set + 1] as number); word++) {
    for (let bit = 0; bit < 32; bit++) {
      if (((tree.catThreshold[word] as number) >>> bit) & 1) levels.push(32 * (word - from) + bit);
    }
  }
  return `{${levels.join(' ')}}`;
}
