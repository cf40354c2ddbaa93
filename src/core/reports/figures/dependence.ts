import type { Figure } from '../figure.ts';
import { number, plainName } from '../words.ts';

const bins = 12;

/** The axes, binned means and words of a dependence plot, under which all customers are drawn as a cloud. */
export function dependenceFigure(
  feature: { readonly name: string; readonly description: string; readonly levels?: readonly string[] },
  values: Float64Array,
  attributions: Float32Array,
  partner: string | null,
): Figure {
  const { levels } = feature;
  const known = values.map((_, i) => i).filter((i) => !Number.isNaN(values[i]));
  const order = Uint32Array.from(known).sort((a, b) => values[a]! - values[b]!);
  const means = levels ? levelMeans(levels.length, values, attributions) : runMeans(order, values, attributions);
  let [least, most] = [0, 0];
  for (const attribution of attributions) {
    least = Math.min(least, attribution);
    most = Math.max(most, attribution);
  }
  const margin = 0.04 * (most - least || 1);
  // Far tails would press everybody else into a corner: they stand at the edge of the picture.
  const first = values[order[Math.floor(order.length * 0.002)]!] ?? 0;
  const last = values[order[Math.ceil(order.length * 0.998) - 1]!] ?? 1;
  const pad = 0.03 * (last - first || 1);
  return {
    id: 'dependence',
    title: `${feature.description}: value against what it adds`,
    caption: captionOf(means, feature, partner),
    x: {
      title: feature.description,
      format: 'number',
      ...(levels
        ? { scale: 'category' as const, range: [-0.5, levels.length - 0.5] as const }
        : { range: [first - pad, last + pad] as const }),
    },
    y: { title: 'SHAP value', unit: 'log-odds', format: 'number', range: [least - margin, most + margin] },
    series: [
      {
        name: 'mean',
        kind: levels ? 'points' : 'line',
        tone: 'oracle',
        x: means.map(({ x }) => (levels ? levels[x]! : x)),
        y: means.map(({ y }) => y),
      },
    ],
    rules: [{ axis: 'y', at: 0 }],
  };
}

interface Mean {
  readonly x: number;
  readonly y: number;
}

function runMeans(order: Uint32Array, values: Float64Array, attributions: Float32Array): Mean[] {
  const means: Mean[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const run = order.subarray(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    if (run.length === 0) continue;
    let [x, y] = [0, 0];
    for (const i of run) {
      x += values[i]! / run.length;
      y += attributions[i]! / run.length;
    }
    if (means.length === 0 || x > means.at(-1)!.x) means.push({ x, y });
  }
  return means;
}

function levelMeans(count: number, values: Float64Array, attributions: Float32Array): Mean[] {
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  values.forEach((code, i) => {
    if (Number.isNaN(code)) return;
    sums[code]! += attributions[i]!;
    counts[code]!++;
  });
  return Array.from(sums, (sum, x) => ({ x, y: counts[x] === 0 ? 0 : sum / counts[x]! }));
}

function captionOf(
  means: readonly Mean[],
  {
    name,
    description,
    levels,
  }: { readonly name: string; readonly description: string; readonly levels?: readonly string[] },
  partner: string | null,
): string {
  const ordered = means.toSorted((a, b) => a.y - b.y);
  const [least, most] = [ordered[0], ordered.at(-1)];
  if (!least || !most || most.y - least.y < 1e-9) return `${plainName(name)} moves nobody’s score.`;
  const at = ({ x }: Mean) => (levels ? levels[x]! : `about ${number(x)}`);
  const coloured = partner === null ? '' : ` Coloured by ${plainName(partner)}, with which it interacts most.`;
  return `${description} adds most at ${at(most)} (${number(most.y)} on average) and takes most at ${at(least)} (${number(least.y)}).${coloured}`;
}
