import { sigmoid } from '../../shared/exact-math.ts';

/** Far beyond any log-odds that a double still tells from certainty. */
const widest = 750;

/**
 * What to add to raw scores, in log-odds, so that they are centred as under class balancing: converters then lie as far
 * below 1 on average as the others lie above 0. About 0 where training balanced the classes, and minus the log-odds of the
 * conversion rate where it did not. 0 where the labels are all alike.
 */
export function fitCentre(raw: Float64Array, labels: Int8Array): number {
  let positives = 0;
  for (const label of labels) positives += label;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return 0;
  /** Rises with the centre; 0 where the classes balance. */
  const surplus = (centre: number): number => {
    let sum = 0;
    for (let i = 0; i < raw.length; i++) {
      const score = sigmoid((raw[i] as number) + centre);
      sum += labels[i] === 1 ? (score - 1) / positives : score / negatives;
    }
    return sum;
  };
  let low = -widest;
  let high = widest;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (surplus(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}
