import { type Frame, getColumn } from '../data/frame.ts';
import type { ReferenceFeature } from './binning.ts';
import { binLabels } from './binning.ts';
import { psi, sharesOf } from './psi.ts';
import type { ReferenceWindow } from './window.ts';

/** Customers counted in the bins of a reference: a few kilobytes however many they were, and parts add up exactly. */
export interface LiveCounts {
  readonly rowCount: number;
  /** One list per feature of the reference and a last one for the score: a count per bin, unseen levels, missing. */
  readonly counts: readonly Float64Array[];
}

export interface LiveDrift {
  readonly rowCount: number;
  readonly score: number;
  /** PSI of each feature, in the reference's order. */
  readonly features: readonly { readonly feature: string; readonly psi: number }[];
}

export interface LiveWindow {
  /** Counts of these customers alone. Features are looked up by name; `propensity` is theirs, row by row. */
  count(features: Frame, propensity: ArrayLike<number>): LiveCounts;
  /** PSI of counted customers against the reference: that of the quantile bins, exact. */
  drift(counts: LiveCounts): LiveDrift;
}

/** Counts customers as they come (requests, batches, parts of a file) without keeping any. */
export function createLiveWindow(reference: ReferenceWindow): LiveWindow {
  const described: readonly ReferenceFeature[] = [...reference.features, reference.score];
  const lengths = described.map((feature) => binLabels(feature).length);
  const codes = described.map(
    (feature) => new Map(feature.kind === 'category' ? feature.levels.map((level, i) => [level, i]) : []),
  );
  const before = described.map(({ counts }) => sharesOf(counts));
  return {
    count(features, propensity) {
      const counts = lengths.map((length) => new Float64Array(length));
      described.forEach((feature, i) => {
        const into = counts[i] as Float64Array;
        if (feature === reference.score) return countNumbers(feature.edges, propensity, into);
        const column = getColumn(features, feature.name);
        if (feature.kind === 'number' && column.kind === 'number') countNumbers(feature.edges, column.values, into);
        if (feature.kind === 'category' && column.kind === 'category') {
          const places = column.levels.map((level) => codes[i]?.get(level) ?? into.length - 2);
          for (const code of column.codes) into[code < 0 ? into.length - 1 : (places[code] as number)]!++;
        }
      });
      return { rowCount: features.rowCount, counts };
    },
    drift({ rowCount, counts }) {
      const psis = counts.map((each, i) => psi(before[i] as readonly number[], sharesOf(Array.from(each))));
      return {
        rowCount,
        score: psis.at(-1) as number,
        features: reference.features.map(({ name }, i) => ({ feature: name, psi: psis[i] as number })),
      };
    },
  };
}

/** Counts of both together: the same as if they had been counted at once, in any order. */
export function mergeCounts(a: LiveCounts, b: LiveCounts): LiveCounts {
  return {
    rowCount: a.rowCount + b.rowCount,
    counts: a.counts.map((counts, i) => counts.map((count, bin) => count + (b.counts[i]?.[bin] ?? 0))),
  };
}

/** The latest customers in bounded memory: the oldest slice goes when a new one begins. */
export interface SlidingWindow {
  add(counts: LiveCounts): void;
  /** The counts of all slices that are kept; undefined before any customer came. */
  total(): LiveCounts | undefined;
}

/** Keeps the latest `slices` slices of about `sliceRows` customers each. */
export function createSlidingWindow(slices = 10, sliceRows = 1000): SlidingWindow {
  let kept: LiveCounts[] = [];
  return {
    add(counts) {
      const last = kept.at(-1);
      if (last && last.rowCount < sliceRows) kept[kept.length - 1] = mergeCounts(last, counts);
      else kept = [...kept.slice(-(slices - 1)), counts];
    },
    total: () => (kept.length === 0 ? undefined : kept.reduce(mergeCounts)),
  };
}

function countNumbers(edges: readonly number[], values: ArrayLike<number>, into: Float64Array): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    let bin = 0;
    if (value !== value) bin = edges.length + 1;
    else while (bin < edges.length && (edges[bin] as number) < value) bin++;
    into[bin]!++;
  }
}
