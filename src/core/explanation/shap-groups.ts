import type { ShapGroup, ShapLeaf, ShapTest } from '../kernels/tree-shap.ts';
import type { Tree } from '../models/boosting/boosting-model.ts';
import { gaussLegendre } from './gauss-legendre.ts';

/** Bits of a pattern up to which subtrees are taken as a whole: more save additions, but fewer rows share an entry. */
const mergedBits = 10;

interface Step {
  readonly node: number;
  readonly isRight: boolean;
}

/** A tree as groups; `testOf` names the test of a node. Undefined where a leaf has more features than `maxBits`. */
export function groupTree(
  tree: Tree,
  testOf: (node: number) => Omit<ShapTest, 'isRight'>,
  maxBits: number,
  merged = mergedBits,
): ShapGroup[] | undefined {
  return groupLeaves(tree, testOf, maxBits, quadratureLeaf, merged);
}

/** A leaf of a group: of each feature on the way to it the bits that decide, and the share of training rows that pass. */
export interface GroupedLeaf {
  readonly value: number;
  readonly features: ShapLeaf['features'];
  readonly zeros: readonly number[];
}

/** Groups with leaves as `leafOf` wants them. */
export function groupLeaves<L>(
  tree: Tree,
  testOf: (node: number) => Omit<ShapTest, 'isRight'>,
  maxBits: number,
  leafOf: (leaf: GroupedLeaf) => L,
  merged = mergedBits,
): GroupOf<L>[] | undefined {
  const groups: GroupOf<L>[] = [];
  const inner = innerCounts(tree);
  const visit = (node: number, path: readonly Step[]): boolean => {
    const features = new Set(path.map((step) => tree.splitFeature[step.node] as number));
    const bits = features.size + (node < 0 ? 0 : (inner[node] as number));
    if (node >= 0 && bits > merged) {
      return (
        visit(tree.leftChild[node] as number, [...path, { node, isRight: false }]) &&
        visit(tree.rightChild[node] as number, [...path, { node, isRight: true }])
      );
    }
    if (bits > maxBits) return false;
    groups.push(groupOf(tree, node, path, testOf, leafOf));
    return true;
  };
  return visit(0, []) ? groups : undefined;
}

/** Inner nodes of each subtree, its root included. */
function innerCounts(tree: Tree): Int32Array {
  const counts = new Int32Array(tree.leafCount - 1);
  const count = (node: number): number => {
    if (node < 0) return 0;
    const own = 1 + count(tree.leftChild[node] as number) + count(tree.rightChild[node] as number);
    counts[node] = own;
    return own;
  };
  count(0);
  return counts;
}

type GroupOf<L> = Omit<ShapGroup, 'leaves'> & { readonly leaves: readonly L[] };

function groupOf<L>(
  tree: Tree,
  root: number,
  path: readonly Step[],
  testOf: (node: number) => Omit<ShapTest, 'isRight'>,
  leafOf: (leaf: GroupedLeaf) => L,
): GroupOf<L> {
  const bits: ShapTest[][] = [];
  const pathBits = new Map<number, number>();
  for (const { node, isRight } of path) {
    const feature = tree.splitFeature[node] as number;
    let bit = pathBits.get(feature);
    if (bit === undefined) pathBits.set(feature, (bit = bits.push([]) - 1));
    (bits[bit] as ShapTest[]).push({ ...testOf(node), isRight });
  }
  const nodeBits = new Map<number, number>();
  const slots = new Map([...pathBits.keys()].map((feature, slot) => [feature, slot]));
  const leaves: L[] = [];
  const visit = (node: number, below: readonly Step[]): void => {
    if (node < 0) {
      leaves.push(leafOf(groupedLeaf(tree, ~node, path, below, pathBits, nodeBits, slots)));
      return;
    }
    const feature = tree.splitFeature[node] as number;
    if (!slots.has(feature)) slots.set(feature, slots.size);
    nodeBits.set(node, bits.push([{ ...testOf(node), isRight: true }]) - 1);
    visit(tree.leftChild[node] as number, [...below, { node, isRight: false }]);
    visit(tree.rightChild[node] as number, [...below, { node, isRight: true }]);
  };
  visit(root, []);
  return { bits, features: [...slots.keys()], leaves };
}

function groupedLeaf(
  tree: Tree,
  leaf: number,
  path: readonly Step[],
  below: readonly Step[],
  pathBits: ReadonlyMap<number, number>,
  nodeBits: ReadonlyMap<number, number>,
  slots: ReadonlyMap<number, number>,
): GroupedLeaf {
  const zeros = new Map<number, number>();
  const cares = new Map<number, { care: number; want: number }>();
  for (const [index, { node, isRight }] of [...path, ...below].entries()) {
    const feature = tree.splitFeature[node] as number;
    const child = (isRight ? tree.rightChild[node] : tree.leftChild[node]) as number;
    zeros.set(feature, ((zeros.get(feature) ?? 1) * coverOf(tree, child)) / (tree.internalCount[node] as number));
    const bits = cares.get(feature) ?? { care: 0, want: 0 };
    const bit = 1 << ((index < path.length ? pathBits.get(feature) : nodeBits.get(node)) as number);
    bits.care |= bit;
    if (index < path.length || isRight) bits.want |= bit;
    cares.set(feature, bits);
  }
  const features = [...cares].map(([feature, { care, want }]) => ({ slot: slots.get(feature) as number, care, want }));
  return { value: tree.leafValue[leaf] as number, features, zeros: [...zeros.values()] };
}

function quadratureLeaf({ value, features, zeros }: GroupedLeaf): ShapLeaf {
  const count = Math.max(1, Math.ceil(features.length / 2));
  const nodes = count + (count % 2);
  const numbers = new Float64Array(nodes * (1 + 4 * features.length));
  const quadrature = quadratureOf(count);
  for (let q = 0; q < count; q++) numbers[q] = value * (quadrature.weights[q] as number);
  zeros.forEach((zero, j) => {
    const from = nodes * (1 + 4 * j);
    for (let q = 0; q < nodes; q++) {
      const t = quadrature.nodes[q] ?? 0.5;
      const absent = (1 - t) * zero;
      const present = t + absent;
      numbers[from + q] = absent;
      numbers[from + nodes + q] = present;
      // Where no training row goes and this one neither, the leaf counts for nothing: its product is zero.
      numbers[from + 2 * nodes + q] = zero === 0 ? 0 : -zero / absent;
      numbers[from + 3 * nodes + q] = (1 - zero) / present;
    }
  });
  return { features, nodes, numbers };
}

const coverOf = (tree: Tree, child: number) =>
  (child < 0 ? tree.leafCountRows[~child] : tree.internalCount[child]) as number;

const quadratures = new Map<number, ReturnType<typeof gaussLegendre>>();

function quadratureOf(count: number) {
  const known = quadratures.get(count) ?? gaussLegendre(count);
  quadratures.set(count, known);
  return known;
}
