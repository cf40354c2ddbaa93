import type { Figure, Tone } from '../figure.ts';
import type { PointCloud } from '../point-cloud.ts';
import { integer, listing, number, plainName, upperFirst } from '../words.ts';

export interface SwarmLine {
  readonly feature: string;
  /** Of its attributions: least, 5 %, median, 95 %, most. */
  readonly quantiles: readonly number[];
  /** 1 where larger values raise the score, −1 where they lower it, 0 where neither can be said. */
  readonly rising: number;
}

/** The axes, medians and words of a beeswarm, under which the customers are drawn as a cloud: line i at y = i from the top. */
export function beeswarmFigure(
  lines: readonly SwarmLine[],
  { customers, isEverybody }: { readonly customers: number; readonly isEverybody: boolean },
): Figure {
  const least = Math.min(0, ...lines.map(({ quantiles }) => quantiles[0]!));
  const most = Math.max(0, ...lines.map(({ quantiles }) => quantiles[4]!));
  const margin = 0.03 * (most - least || 1);
  return {
    id: 'beeswarm',
    title: `What each feature adds for ${isEverybody ? 'all' : 'a sample of'} ${integer(customers)} customers`,
    caption: captionOf(lines),
    x: { title: 'SHAP value', unit: 'log-odds', format: 'number', range: [least - margin, most + margin] },
    y: { title: '', scale: 'category', reversed: true, range: [-0.5, lines.length - 0.5] },
    series: [
      {
        name: 'median',
        kind: 'points',
        tone: 'oracle',
        x: lines.map(({ quantiles }) => quantiles[2]!),
        y: lines.map(({ feature }) => plainName(feature)),
        text: lines.map(({ quantiles }) => `nine in ten between ${number(quantiles[1]!)} and ${number(quantiles[3]!)}`),
      },
    ],
    rules: [{ axis: 'x', at: 0 }],
  };
}

function captionOf(lines: readonly SwarmLine[]): string {
  const names = (rising: number) =>
    lines
      .filter((line) => line.rising === rising)
      .slice(0, 3)
      .map(({ feature }) => plainName(feature));
  const parts = [
    names(1).length > 0 ? `high values of ${listing(names(1))} raise the score` : '',
    names(-1).length > 0 ? `high values of ${listing(names(-1))} lower it` : '',
  ].filter(Boolean);
  const words = parts.join('; ') || 'no feature moves the score in one direction alone';
  return `${upperFirst(words)}. Every customer is a point on every line; orange is a high value, blue a low one, grey a category or a missing value.`;
}

const dots = 100;

/**
 * The same without a cloud, for files: a point for each hundredth of the customers, from those whom the feature lowers
 * most to those whom it raises most, in the colour of their mean value.
 */
export function beeswarmSummary({ series, x: axis, y: lines, ...figure }: Figure, cloud: PointCloud): Figure {
  const names = (series[0]?.y ?? []) as readonly string[];
  const found: { readonly x: number; readonly y: string; readonly tone: Tone }[] = [];
  names.forEach((name, line) => {
    const from = line * cloud.rowCount;
    const order = Uint32Array.from({ length: cloud.rowCount }, (_, row) => from + row).sort(
      (a, b) => cloud.x[a]! - cloud.x[b]!,
    );
    for (let dot = 0; dot < dots; dot++) {
      const part = order.subarray(
        Math.floor((dot * order.length) / dots),
        Math.floor(((dot + 1) * order.length) / dots),
      );
      if (part.length === 0) continue;
      let [sum, colour, coloured] = [0, 0, 0];
      for (const point of part) {
        sum += cloud.x[point]!;
        if (cloud.colour[point] === 255) continue;
        colour += cloud.colour[point]!;
        coloured++;
      }
      found.push({ x: sum / part.length, y: name, tone: coloured === 0 ? 'reference' : toneOf(colour / coloured) });
    }
  });
  return {
    ...figure,
    caption: figure.caption.replace(
      'Every customer is a point on every line',
      'A point is a hundredth of the customers',
    ),
    x: axis,
    y: { title: lines.title, scale: 'category', reversed: true },
    series: [
      {
        name: 'hundredths of customers',
        kind: 'points',
        tone: 'reference',
        x: found.map(({ x }) => x),
        y: found.map(({ y }) => y),
        tones: found.map(({ tone }) => tone),
      },
    ],
  };
}

/** Of a place from 0 to 254 on the colour scale. */
function toneOf(colour: number): Tone {
  return colour > 152 ? 'raises' : colour < 102 ? 'lowers' : 'reference';
}
