import { exp, log } from '../shared/exact-math.ts';

/**
 * How many of `draws` cards are marked, drawn without replacement from `cards` of which `marked` are: inverted from the
 * mode outwards, so that a draw costs about a standard deviation of steps. `uniform` lies in [0, 1).
 */
export function drawHypergeometric(cards: number, marked: number, draws: number, uniform: number): number {
  const least = Math.max(0, draws - (cards - marked));
  const most = Math.min(marked, draws);
  if (least === most) return least;
  const mode = Math.min(most, Math.max(least, Math.floor(((marked + 1) * (draws + 1)) / (cards + 2))));
  const atMode = exp(logChoose(marked, mode) + logChoose(cards - marked, draws - mode) - logChoose(cards, draws));
  const rest = cards - marked - draws;
  let left = uniform - atMode;
  let above = mode;
  let below = mode;
  let chanceAbove = atMode;
  let chanceBelow = atMode;
  while (left >= 0 && (above < most || below > least)) {
    if (above < most) {
      chanceAbove *= ((marked - above) * (draws - above)) / ((above + 1) * (rest + above + 1));
      above++;
      left -= chanceAbove;
      if (left < 0) return above;
    }
    if (below > least) {
      chanceBelow *= (below * (rest + below)) / ((marked - below + 1) * (draws - below + 1));
      below--;
      left -= chanceBelow;
      if (left < 0) return below;
    }
  }
  // Either the first step hit, or rounding left a crumb of the last one.
  return mode;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const smallFactorials = new Float64Array(4096);
for (let n = 1; n < smallFactorials.length; n++) smallFactorials[n] = (smallFactorials[n - 1] as number) + log(n);

/** ln n!, by table, then by Stirling's series (error below 1e-15 of it from 4096 on). */
function logFactorial(n: number): number {
  if (n < smallFactorials.length) return smallFactorials[n] as number;
  return (n + 0.5) * log(n) - n + 0.9189385332046727 + 1 / (12 * n) - 1 / (360 * n * n * n);
}
