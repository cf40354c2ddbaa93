import type { BoostingEngine } from '../../../kernels/boosting-engine.ts';
import type { GrowingLeaf, GrownTree } from '../grow-tree.ts';

/**
 * Adds the gradients and hessians of rows outside the bag to the leaves where they end: as in CatBoost the bag shapes the
 * tree, and all training rows give its leaves their values.
 */
export function addOutOfBag(engine: BoostingEngine, { nodes, leaves }: GrownTree, rows: Uint32Array | undefined): void {
  if (!rows?.length) return;
  const steps = engine.gradientSteps();
  const g = Float64Array.from(leaves, ({ sums }) => sums.g);
  const h = Float64Array.from(leaves, ({ sums }) => sums.h);
  engine.leavesOf(nodes, rows).forEach((leaf, i) => {
    const row = rows[i] as number;
    h[leaf] = (h[leaf] as number) + (steps[2 * row] as number);
    g[leaf] = (g[leaf] as number) + (steps[2 * row + 1] as number);
  });
  leaves.forEach((leaf: GrowingLeaf, index) => {
    leaf.sums = { g: g[index] as number, h: h[index] as number };
  });
}
