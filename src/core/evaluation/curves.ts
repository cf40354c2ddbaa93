import type { ScoreGroups } from './score-groups.ts';

/** Points of a curve, from the strictest cut to the loosest: at most 300, so that it can be posted and drawn at once. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const mostPoints = 300;

/** False-positive rate against true-positive rate, from (0, 0) to (1, 1). */
export function rocCurve(groups: ScoreGroups): Curve {
  return walk(groups, ({ positiveShare, negativeShare }) => [negativeShare, positiveShare], [0, 0]);
}

/** Recall against precision, at every distinct score. */
export function precisionRecallCurve(groups: ScoreGroups): Curve {
  return walk(groups, ({ positiveShare, precision }) => [positiveShare, precision]);
}

/** Share of customers contacted, best first, against the share of buyers reached. */
export function gainsCurve(groups: ScoreGroups): Curve {
  return walk(groups, ({ rowShare, positiveShare }) => [rowShare, positiveShare], [0, 0]);
}

interface Depth {
  readonly rowShare: number;
  readonly positiveShare: number;
  readonly negativeShare: number;
  readonly precision: number;
}

function walk(groups: ScoreGroups, point: (depth: Depth) => [number, number], start?: [number, number]): Curve {
  const { rows, positives, rowTotal, positiveTotal } = groups;
  const x: number[] = [];
  const y: number[] = [];
  const add = ([px, py]: [number, number]): void => {
    x.push(px);
    y.push(py);
  };
  if (start) add(start);
  let rowsThrough = 0;
  let positivesThrough = 0;
  let kept = 0;
  for (let i = 0; i < rows.length; i++) {
    rowsThrough += rows[i] as number;
    positivesThrough += positives[i] as number;
    const depth: Depth = {
      rowShare: rowsThrough / rowTotal,
      positiveShare: positivesThrough / positiveTotal,
      negativeShare: (rowsThrough - positivesThrough) / (rowTotal - positiveTotal),
      precision: positivesThrough / rowsThrough,
    };
    // Even steps along both axes: dense where the curve is steep, and never more than mostPoints.
    const travelled = Math.floor(((depth.rowShare + depth.positiveShare) / 2) * (mostPoints - 3));
    if (i === 0 || i === rows.length - 1 || travelled > kept) {
      kept = travelled;
      add(point(depth));
    }
  }
  return { x, y };
}
