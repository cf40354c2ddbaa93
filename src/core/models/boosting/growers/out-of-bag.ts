import type { BoostingEngine } from '../../../kernels/boosting-engine.ts';
import type { BinnedFeature } from '../binned-data.ts';
import type { GrowingLeaf, GrownTree } from '../grow-tree.ts';

/**
 * Adds the gradients and hessians of rows outside the bag to the leaves where they end: as in CatBoost the bag shapes the
 * tree, and all training rows give its leaves their values.
 */
export function addOutOfBag(
  engine: BoostingEngine,
  { nodes, leaves }: GrownTree,
  features: readonly BinnedFeature[],
  rows: Uint32Array | undefined,
): void {
  if (!rows?.length) return;
  const steps = engine.gradientSteps();
  const g = Float64Array.from(leaves, ({ sums }) => sums.g);
  const h = Float64Array.from(leaves, ({ sums }) => sums.h);
  const bins = nodes.map(({ feature }) => (features[feature] as BinnedFeature).bins);
  const tables = nodes.map((_, node) => engine.tableOf(node));
  const left = Int32Array.from(nodes, (node) => node.left);
  const right = Int32Array.from(nodes, (node) => node.right);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    let node = 0;
    while (node >= 0) {
      const bin = (bins[node] as Uint8Array)[row] as number;
      node = ((tables[node] as Uint8Array)[bin] ? left[node] : right[node]) as number;
    }
    h[~node] = (h[~node] as number) + (steps[2 * row] as number);
    g[~node] = (g[~node] as number) + (steps[2 * row + 1] as number);
  }
  leaves.forEach((leaf: GrowingLeaf, index) => {
    leaf.sums = { g: g[index] as number, h: h[index] as number };
  });
}
