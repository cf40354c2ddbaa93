import type { CategoryColumn, Frame, NumberColumn } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import { log } from '../../shared/exact-math.ts';

/** One line of a scorecard: customers whose value falls here. */
export interface EvidenceBin {
  /** "18 to 25", "above 60", "north, south", "missing". */
  readonly label: string;
  readonly rows: number;
  readonly conversions: number;
  /** Weight of evidence: ln of the bin's share of all conversions over its share of all others. Positive: more likely to convert. */
  readonly weightOfEvidence: number;
  /** Its part of the feature's information value: the difference of the two shares times the weight of evidence. */
  readonly informationValue: number;
}

export interface FeatureBins {
  readonly name: string;
  readonly bins: readonly EvidenceBin[];
  readonly informationValue: number;
  /** The bin of each row of a frame. */
  readonly binOf: (frame: Frame) => Uint16Array;
}

export interface BinningOptions {
  /** Most bins of a number, missing apart. */
  readonly maxBins: number;
  /** Levels with a smaller share of the training rows are put together as "other". */
  readonly leastShare: number;
}

type Learnable = NumberColumn | CategoryColumn;

/**
 * Bins of one feature over the training rows. Numbers: equal counts, an edge belonging to the bin below it. Categories: a
 * bin per level that is not rare; rare levels, and those never seen, are "other". Missing values have a bin where there are any;
 * where training has none, they later count as the bin with the most rows. A count of 0 is taken for ½.
 */
export function binFeature(
  column: Learnable,
  train: Uint32Array,
  labels: Int8Array,
  { maxBins, leastShare }: BinningOptions,
): FeatureBins {
  const { names, place } =
    column.kind === 'number' ? numberBins(column, train, maxBins) : categoryBins(column, train, leastShare);
  const missing = names.length;
  const rows = new Float64Array(names.length + 1);
  const conversions = new Float64Array(names.length + 1);
  const assign = (own: Learnable, row: number) => place(own, row) ?? missing;
  let positives = 0;
  for (const row of train) {
    const bin = assign(column, row);
    rows[bin] = (rows[bin] as number) + 1;
    if (labels[row] !== 1) continue;
    conversions[bin] = (conversions[bin] as number) + 1;
    positives++;
  }
  const hasMissing = (rows[missing] as number) > 0;
  const others = train.length - positives;
  const bins = (hasMissing ? [...names, 'missing'] : names).map((label, bin): EvidenceBin => {
    const ofBin = rows[bin] as number;
    const events = conversions[bin] as number;
    const share = (events || 0.5) / positives;
    const otherShare = (ofBin - events || 0.5) / others;
    const weightOfEvidence = log(share / otherShare);
    const informationValue = (share - otherShare) * weightOfEvidence;
    return { label, rows: ofBin, conversions: events, weightOfEvidence, informationValue };
  });
  const whenMissing = hasMissing ? missing : rows.indexOf(Math.max(...rows));
  return {
    name: column.name,
    bins,
    informationValue: bins.reduce((sum, bin) => sum + bin.informationValue, 0),
    binOf: (frame) => {
      const own = frame.columns.find(({ name }) => name === column.name);
      if (own?.kind !== column.kind) {
        throw new StudioError(
          'data.missing-column',
          `The scorecard needs the ${column.kind} column "${column.name}".`,
          {
            where: { column: column.name },
          },
        );
      }
      return Uint16Array.from({ length: frame.rowCount }, (_, row) => place(own as Learnable, row) ?? whenMissing);
    },
  };
}

interface Bins {
  readonly names: readonly string[];
  /** Undefined: missing. */
  readonly place: (column: Learnable, row: number) => number | undefined;
}

function numberBins({ values }: NumberColumn, train: Uint32Array, maxBins: number): Bins {
  const known = Float64Array.from(train, (row) => values[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const edges: number[] = [];
  for (let bin = 1; bin < maxBins; bin++) {
    const edge = known[Math.ceil((bin * known.length) / maxBins) - 1];
    const isNew = edge !== undefined && edge !== edges.at(-1) && edge < (known.at(-1) as number);
    if (isNew) edges.push(edge);
  }
  const names = [...edges, Number.POSITIVE_INFINITY].map((edge, bin) => {
    const from = edges[bin - 1];
    if (from === undefined) return edges.length === 0 ? 'any' : `up to ${edge}`;
    return edge === Number.POSITIVE_INFINITY ? `above ${from}` : `above ${from}, up to ${edge}`;
  });
  return {
    names,
    place: (column, row) => {
      const value = (column as NumberColumn).values[row] as number;
      if (Number.isNaN(value)) return undefined;
      const bin = edges.findIndex((edge) => value <= edge);
      return bin < 0 ? edges.length : bin;
    },
  };
}

function categoryBins({ codes, levels }: CategoryColumn, train: Uint32Array, leastShare: number): Bins {
  const counts = new Float64Array(levels.length);
  for (const row of train) {
    const code = codes[row] as number;
    if (code >= 0) counts[code] = (counts[code] as number) + 1;
  }
  const kept = levels.filter(
    (_, code) => (counts[code] as number) > 0 && (counts[code] as number) >= leastShare * train.length,
  );
  const hasOther = counts.some((count, code) => count > 0 && !kept.includes(levels[code] as string));
  // A level never seen says nothing where no other was rare: it counts as missing.
  const other = hasOther ? kept.length : undefined;
  const binOfLevel = new Map(kept.map((level, bin) => [level, bin]));
  return {
    names: hasOther ? [...kept, 'other'] : kept,
    place: (column, row) => {
      const own = column as CategoryColumn;
      const code = own.codes[row] as number;
      return code < 0 ? undefined : (binOfLevel.get(own.levels[code] as string) ?? other);
    },
  };
}
