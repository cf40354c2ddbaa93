import type { Tree } from '../../src/core/models/boosting/boosting-model.ts';
import { categoricalBit, goesLeft } from '../../src/core/models/boosting/decision.ts';

/** How much of one tree stands in another, node for node from the root, over the rows both were grown on. */
export interface TreeLikeness {
  /** Inner nodes that part the same rows in the same two; which half is called the left is not asked. */
  readonly sameRows: number;
  /** Of these, nodes whose feature, threshold or levels and sides are the same too. */
  readonly identical: number;
  /** Inner nodes of the larger tree. */
  readonly of: number;
  /** Where they first part, in words. */
  readonly difference?: string;
  /** The features of the first two splits that part a leaf otherwise, yet into as many rows and positives: a gain tie. */
  readonly tie?: { readonly ours: number; readonly peer: number };
}

/**
 * Compares first trees split by split. Rows of one label have one gradient there: two splits that part a leaf's rows
 * alike, or into as many rows and positives, gain exactly the same, and which a learner names hangs on its sums' last bit.
 */
export function compareTrees(
  ours: Tree,
  peer: Tree,
  columns: readonly Float64Array[],
  rows: Uint32Array,
  labels: Int8Array,
): TreeLikeness {
  const of = Math.max(ours.leafCount, peer.leafCount) - 1;
  const found: { sameRows: number; identical: number; difference?: string; tie?: TreeLikeness['tie'] & {} } = {
    sameRows: 0,
    identical: 0,
  };
  const compare = (mine: number, theirs: number, here: Uint32Array): void => {
    if (mine < 0 && theirs < 0) return;
    const own = part(ours, mine, columns, here);
    const other = part(peer, theirs, columns, here);
    const isSame = isEqual(own.left, other.left);
    if (!isSame && !isEqual(own.left, other.right)) {
      found.difference ??= `${describe(ours, mine, here, own)} | ${describe(peer, theirs, here, other)}`;
      if (mine >= 0 && theirs >= 0 && gainsAlike(own, other, labels)) {
        found.tie ??= { ours: ours.splitFeature[mine] as number, peer: peer.splitFeature[theirs] as number };
      }
      return;
    }
    found.sameRows++;
    if (isSame && rule(ours, mine) === rule(peer, theirs)) found.identical++;
    compare(ours.leftChild[mine] as number, (isSame ? peer.leftChild : peer.rightChild)[theirs] as number, own.left);
    compare(ours.rightChild[mine] as number, (isSame ? peer.rightChild : peer.leftChild)[theirs] as number, own.right);
  };
  compare(ours.leafCount > 1 ? 0 : -1, peer.leafCount > 1 ? 0 : -1, rows);
  return { ...found, of };
}

interface Parts {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
}

function part(tree: Tree, node: number, columns: readonly Float64Array[], rows: Uint32Array): Parts {
  if (node < 0) return { left: new Uint32Array(0), right: new Uint32Array(0) };
  const values = columns[tree.splitFeature[node] as number] as Float64Array;
  const goes = (row: number): boolean => goesLeft(tree, node, values[row] as number);
  return { left: rows.filter(goes), right: rows.filter((row) => !goes(row)) };
}

function gainsAlike(own: Parts, other: Parts, labels: Int8Array): boolean {
  const sizes = ({ left, right }: Parts): string =>
    [left, right].map((side) => `${side.length} ${side.filter((row) => labels[row] === 1).length}`).join();
  return sizes(own) === sizes(other) || sizes(own) === sizes({ left: other.right, right: other.left });
}

function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length > 0 && a.length === b.length && a.every((row, i) => row === b[i]);
}

function describe(tree: Tree, node: number, rows: Uint32Array, { left }: Parts): string {
  if (node < 0) return `a leaf of ${rows.length}`;
  return `${rule(tree, node)}: ${left.length} of ${rows.length} left, gain ${tree.splitGain[node]?.toPrecision(6)}`;
}

function rule(tree: Tree, node: number): string {
  const feature = `feature ${tree.splitFeature[node]}`;
  const value = tree.threshold[node] as number;
  // LightGBM writes an infinite bound as 1e300.
  if (!((tree.decisionType[node] as number) & categoricalBit)) return `${feature} <= ${Math.min(1e300, value)}`;
  const [from, to] = tree.catBoundaries.subarray(value, value + 2) as unknown as [number, number];
  return `${feature} in ${[...tree.catThreshold.subarray(from, to)].join(' ')}`;
}
