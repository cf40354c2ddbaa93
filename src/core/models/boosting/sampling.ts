import type { Random } from '../../shared/random.ts';

/** The rows a tree learns from and the others; both undefined when it learns from all. */
export interface Bag {
  readonly bag: Uint32Array | undefined;
  readonly outOfBag: Uint32Array | undefined;
}

/** Draws a new bag every `bagging_freq` trees: each row is in with the chance `bagging_fraction`. */
export function createBagging(
  random: Random,
  rowCount: number,
  { bagging_fraction, bagging_freq }: { readonly bagging_fraction: number; readonly bagging_freq: number },
): (iteration: number) => Bag {
  let current: Bag = { bag: undefined, outOfBag: undefined };
  if (bagging_freq === 0 || bagging_fraction >= 1) return () => current;
  return (iteration) => {
    if (iteration % bagging_freq === 0) current = drawBag(random, rowCount, bagging_fraction);
    return current;
  };
}

function drawBag(random: Random, rowCount: number, fraction: number): Bag {
  const rows = new Uint32Array(rowCount);
  let inside = 0;
  let outside = rowCount;
  for (let row = 0; row < rowCount; row++) {
    if (random.next() < fraction) rows[inside++] = row;
    else rows[--outside] = row;
  }
  // A bag of no rows teaches nothing: a tiny table keeps all of its rows instead.
  if (inside === 0) return { bag: undefined, outOfBag: undefined };
  return { bag: rows.slice(0, inside), outOfBag: rows.slice(inside).reverse() };
}

/** Which features each tree may use: `feature_fraction` of them, at least one. */
export function createFeatureSampling(random: Random, featureCount: number, fraction: number): () => Uint8Array {
  const all = new Uint8Array(featureCount).fill(1);
  if (fraction >= 1) return () => all;
  const count = Math.max(1, Math.floor(featureCount * fraction + 0.5));
  return () => {
    const order = random.shuffle(Uint32Array.from(all, (_, feature) => feature));
    const allowed = new Uint8Array(featureCount);
    for (const feature of order.subarray(0, count)) allowed[feature] = 1;
    return allowed;
  };
}
