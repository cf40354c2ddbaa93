import type { Random } from '../shared/random.ts';

/**
 * The mean over orders of `width` features of what `attribute` gives along each: over every order where they are at most
 * `mostExact`, otherwise over `draws` random ones, each with its reverse. Standard errors are over these pairs.
 */
export function meanOfOrders(
  width: number,
  attribute: (order: readonly number[]) => Float64Array,
  mostExact: number,
  draws: number,
  random: Random,
): { readonly phi: Float64Array; readonly standardError: Float64Array } {
  const phi = new Float64Array(width);
  const squares = new Float64Array(width);
  const all = Array.from({ length: width }, (_, feature) => feature);
  let count = 0;
  const add = (...found: readonly Float64Array[]): void => {
    count++;
    for (let feature = 0; feature < width; feature++) {
      const mean = found.reduce((sum, each) => sum + (each[feature] as number), 0) / found.length;
      phi[feature] = (phi[feature] as number) + mean;
      squares[feature] = (squares[feature] as number) + mean * mean;
    }
  };
  const isExact = width <= mostExact;
  if (isExact) for (const order of permutations(all)) add(attribute(order));
  else {
    for (let draw = 0; draw < draws; draw++) {
      const order = random.shuffle([...all]);
      add(attribute(order), attribute(order.toReversed()));
    }
  }
  return {
    phi: phi.map((sum) => sum / count),
    standardError: squares.map((square, feature) => {
      const mean = (phi[feature] as number) / count;
      return isExact ? 0 : Math.sqrt(Math.max(0, square / count - mean * mean) / (count - 1));
    }),
  };
}

function* permutations(items: readonly number[]): Generator<readonly number[]> {
  if (items.length <= 1) yield items;
  for (const [at, first] of items.entries()) {
    if (items.length > 1) for (const rest of permutations(items.toSpliced(at, 1))) yield [first, ...rest];
  }
}
