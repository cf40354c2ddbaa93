import type { Figure } from '../figure.ts';
import { number, percent } from '../words.ts';

const halfBins = 20;

/** How the weights of a layer are spread: shares per bin, from minus to plus the largest. */
export function weightsFigure(
  weights: Float32Array,
  { layer, name }: { readonly layer: number; readonly name: string },
): Figure {
  let largest = 0;
  let squares = 0;
  for (const weight of weights) {
    largest = Math.max(largest, Math.abs(weight));
    squares += weight * weight;
  }
  const spread = Math.sqrt(squares / Math.max(1, weights.length));
  const width = largest / (halfBins + 0.5) || 1;
  const shares = new Array<number>(2 * halfBins + 1).fill(0);
  let small = 0;
  for (const weight of weights) {
    const bin = Math.min(2 * halfBins, Math.max(0, Math.round(weight / width) + halfBins));
    shares[bin] = (shares[bin] as number) + 1 / weights.length;
    if (Math.abs(weight) < spread / 10) small++;
  }
  return {
    id: `weights-${layer}`,
    title: name,
    caption: `Typical size ${number(spread)}, largest ${number(largest)}; ${percent(small / Math.max(1, weights.length))} are next to nothing (below a tenth of the typical).`,
    x: { title: 'Weight', format: 'number' },
    y: { title: 'Share of weights', format: 'percent' },
    series: [
      {
        name: 'weights',
        kind: 'steps',
        tone: 'neural',
        x: Array.from({ length: shares.length + 1 }, (_, bin) => (bin - halfBins - 0.5) * width),
        y: [...shares, shares.at(-1) as number],
      },
    ],
  };
}
