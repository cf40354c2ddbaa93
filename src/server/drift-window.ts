import type { Frame } from '../core/data/frame.ts';
import type { ReferenceFeature } from '../core/monitoring/binning.ts';
import { psi, sharesOf } from '../core/monitoring/psi.ts';
import { readReferenceWindow } from '../core/monitoring/read-window.ts';
import type { Bundle } from '../core/scoring/bundle.ts';

/** PSI of the last customers scored against the bundle's reference window. */
export interface DriftWindow {
  /** Customers in it. */
  readonly size: number;
  observe(features: Frame, results: readonly ({ readonly propensity_score: number } | undefined)[]): void;
  /** Undefined until it is full enough to tell. */
  psi(): { readonly score: number; readonly features: ReadonlyMap<string, number> } | undefined;
}

const capacity = 10_000;
/** Fewer move PSI by chance alone. */
const fewest = 1000;

/** A sliding window over the last 10,000 customers: counts per bin, and the bins of each customer so that it can leave. */
export function createDriftWindow({ referenceWindow }: Bundle): DriftWindow | undefined {
  if (referenceWindow === undefined) return undefined;
  const { features, score } = readReferenceWindow(referenceWindow);
  const measured = [...features, score];
  const width = measured.length;
  const bins = new Uint16Array(capacity * width);
  const counts = measured.map((feature) => new Float64Array(feature.counts.length));
  let size = 0;
  let next = 0;
  // The places of the reference's features among a frame's columns, and of its levels among theirs: frames of one model agree.
  let readers: ((row: number) => number)[] = [];
  let readFrom: Frame | undefined;

  return {
    get size() {
      return size;
    },
    observe(frame, results) {
      if (frame !== readFrom) {
        readers = features.map((feature) => readerOf(feature, frame));
        readFrom = frame;
      }
      results.forEach((result, row) => {
        if (!result) return;
        const at = next * width;
        const isFull = size === capacity;
        for (let i = 0; i < width; i++) {
          const own = counts[i] as Float64Array;
          if (isFull) own[bins[at + i] as number]!--;
          const bin = i === width - 1 ? binOf(score.edges, result.propensity_score) : (readers[i]?.(row) ?? 0);
          bins[at + i] = bin;
          own[bin]!++;
        }
        next = (next + 1) % capacity;
        if (!isFull) size++;
      });
    },
    psi() {
      if (size < fewest) return undefined;
      const values = measured.map(({ counts: before }, i) =>
        psi(sharesOf(before), sharesOf([...(counts[i] as Float64Array)])),
      );
      return {
        score: values.at(-1) as number,
        features: new Map(features.map(({ name }, i) => [name, values[i] as number])),
      };
    },
  };
}

/** The bin of a row's value, in the order of the reference's counts. */
function readerOf(feature: ReferenceFeature, frame: Frame): (row: number) => number {
  const column = frame.columns.find(({ name }) => name === feature.name);
  const missing = feature.counts.length - 1;
  if (feature.kind === 'number' && column?.kind === 'number') {
    return (row) => {
      const value = column.values[row] as number;
      return Number.isNaN(value) ? missing : binOf(feature.edges, value);
    };
  }
  if (feature.kind === 'category' && column?.kind === 'category') {
    const places = column.levels.map((level) => feature.levels.indexOf(level));
    return (row) => {
      const code = column.codes[row] as number;
      if (code < 0) return missing;
      const place = places[code] as number;
      return place < 0 ? missing - 1 : place;
    };
  }
  return () => missing;
}

/** A bin holds the values above one edge, up to and including the next. */
function binOf(edges: readonly number[], value: number): number {
  let bin = 0;
  while (bin < edges.length && value > (edges[bin] as number)) bin++;
  return bin;
}
