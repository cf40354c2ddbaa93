/*
 * Physical columns of the boosting kernel, apart from features. A column is a byte per row with a histogram of 256 cells;
 * several features may share one where each one's bin can be told from the column's code, so that a row costs one addition
 * for all of them. Sums are whole numbers, so splits are the same whichever features share. A feature of more codes has a
 * wide column of its own, of two bytes a row.
 */

/** The bin of each row; in two bytes where there are more than 256, one for missing values counted in any case. */
export type Bins = Uint8Array | Uint16Array;

/** Where a feature's bins are: its column, and how its code tells them. */
export type FeaturePlace =
  /** Alone: the code is the bin. */
  | { readonly column: number; readonly coding: 'own' }
  /** Few bins each: the code is the sum of bin · stride over the column's features. */
  | { readonly column: number; readonly coding: 'product'; readonly stride: number }
  /**
   * At most one feature of the column is outside its `rest` bin in any row (exclusive feature bundling, Ke et al. 2017,
   * section 4, without conflicts): codes from `first` on are the feature's other bins, in order.
   */
  | { readonly column: number; readonly coding: 'range'; readonly first: number; readonly rest: number };

export interface ColumnPlan {
  /** Codes of each column: at most 256, save for wide columns, which are the last. */
  readonly codeCounts: readonly number[];
  /** By feature. */
  readonly places: readonly FeaturePlace[];
}

export interface ColumnFeature {
  readonly binCount: number;
  /** Of all rows; beyond `binCount` only where validation alone saw a value missing. */
  readonly bins: Bins;
}

export const codeLimit = 256;
/** Rows, evenly spaced, that tell the commonest bin. */
const sampledRows = 4096;
/** Bundles that a further feature is tried with. */
const openBundles = 64;
/** Marginal sums cost so many rows' additions for each leaf: below, features do not share by product. */
const rowsPerLeaf = 1000;

/** One column for each feature. */
export function ownColumns(binCounts: readonly number[]): ColumnPlan {
  return placeGroups(
    binCounts.map((codes, feature) => ({ members: [feature], codes })),
    binCounts,
  );
}

/** Which features share a column: first those never outside their commonest bin together, then those of few bins. */
export function planColumns(features: readonly ColumnFeature[], trainingRows: number, maxLeaves: number): ColumnPlan {
  const groups: Group[] = bundle(features);
  const bundled = new Set(groups.flatMap(({ members }) => members));
  const alone = features.map((_, feature) => feature).filter((feature) => !bundled.has(feature));
  groups.push(...multiply(features, alone, trainingRows, trainingRows >= rowsPerLeaf * maxLeaves));
  return placeGroups(
    groups,
    features.map(({ binCount }) => binCount),
  );
}

function placeGroups(groups: readonly Group[], binCounts: readonly number[]): ColumnPlan {
  const order = (group: Group) => Math.min(...group.members) + (group.codes > codeLimit ? binCounts.length : 0);
  const sorted = groups.toSorted((a, b) => order(a) - order(b));
  const places: FeaturePlace[] = [];
  sorted.forEach(({ members, rests }, column) => {
    let next = 1;
    members.forEach((feature, index) => {
      const binCount = binCounts[feature] as number;
      const rest = rests?.[index];
      if (rest !== undefined) {
        places[feature] = { column, coding: 'range', first: next, rest };
        next += binCount - 1;
      } else if (members.length > 1) {
        places[feature] = { column, coding: 'product', stride: next };
        next *= binCount;
      } else places[feature] = { column, coding: 'own' };
    });
  });
  return { codeCounts: sorted.map(({ codes }) => codes), places };
}

interface Group {
  readonly members: number[];
  readonly mayShare?: boolean;
  /** The commonest bin of each; only of bundles. */
  readonly rests?: number[];
  codes: number;
}

interface Bundle extends Group {
  readonly rests: number[];
  readonly taken: Uint8Array;
}

/** Greedy, the fullest features first (Ke et al. 2017, algorithm 3, with no conflict allowed). Bundles of two or more. */
function bundle(features: readonly ColumnFeature[]): Group[] {
  const sparse = features.flatMap(({ binCount, bins }, feature) => {
    if (bins instanceof Uint16Array) return [];
    const { rest, share } = commonest(bins, binCount);
    return share >= 0.5 && binCount < codeLimit ? [{ feature, rest, share }] : [];
  });
  if (sparse.length < 2) return [];
  sparse.sort((a, b) => a.share - b.share || a.feature - b.feature);
  const done: Bundle[] = [];
  let open: Bundle[] = [];
  const rows = new Uint32Array((features[0] as ColumnFeature).bins.length);
  for (const { feature, rest } of sparse) {
    const { bins, binCount } = features[feature] as ColumnFeature;
    const others = rowsOutside(bins, rest, binCount, rows);
    if (!others) continue;
    let home = open.find(({ taken, codes }) => codes + binCount - 1 <= codeLimit && areFree(taken, others));
    if (!home) {
      home = { members: [], rests: [], codes: 1, taken: new Uint8Array((bins.length + 7) >> 3) };
      open.push(home);
      done.push(home);
    }
    home.members.push(feature);
    home.rests.push(rest);
    home.codes += binCount - 1;
    const { taken } = home;
    for (let i = 0; i < others.length; i++) {
      const row = others[i] as number;
      taken[row >> 3] = (taken[row >> 3] as number) | (1 << (row & 7));
    }
    open = open.filter(({ codes }) => codes < codeLimit);
    if (open.length > openBundles) open.shift();
  }
  return done.filter(({ members }) => members.length > 1);
}

function areFree(taken: Uint8Array, rows: Uint32Array): boolean {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if ((taken[row >> 3] as number) & (1 << (row & 7))) return false;
  }
  return true;
}

/** The rows outside the `rest` bin; undefined where one is in a bin that training did not see. */
function rowsOutside(bins: Bins, rest: number, binCount: number, into: Uint32Array): Uint32Array | undefined {
  let count = 0;
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row] as number;
    if (bin === rest) continue;
    if (bin >= binCount) return undefined;
    into[count++] = row;
  }
  return into.subarray(0, count);
}

/** The commonest bin and its share, of some rows. */
function commonest(bins: Bins, binCount: number): { readonly rest: number; readonly share: number } {
  const counts = new Uint32Array(256);
  const step = Math.ceil(bins.length / sampledRows);
  let seen = 0;
  for (let row = 0; row < bins.length; row += step, seen++) {
    const bin = bins[row] as number;
    counts[bin] = (counts[bin] as number) + 1;
  }
  const known = counts.subarray(0, binCount);
  const rest = known.reduce((most, count, bin) => (count > (known[most] as number) ? bin : most), 0);
  return { rest, share: (known[rest] as number) / seen };
}

/** Features of few bins, the most bins first, each to the first column with room; the others have one of their own. */
function multiply(
  features: readonly ColumnFeature[],
  alone: readonly number[],
  trainingRows: number,
  may: boolean,
): Group[] {
  const binsOf = (feature: number) => (features[feature] as ColumnFeature).binCount;
  const groups: Group[] = [];
  const sorted = alone.toSorted((a, b) => binsOf(b) - binsOf(a) || a - b);
  for (const feature of sorted) {
    const isWide = (features[feature] as ColumnFeature).bins instanceof Uint16Array;
    // One for values that are missing where training saw none.
    const codes = binsOf(feature) + Number(isWide);
    const canShare = may && 2 * codes <= codeLimit && !sawUnknown(features[feature] as ColumnFeature, trainingRows);
    const home = canShare ? groups.find((group) => group.mayShare && group.codes * codes <= codeLimit) : undefined;
    if (home) {
      home.members.push(feature);
      home.codes *= codes;
    } else groups.push({ members: [feature], codes, mayShare: canShare });
  }
  return groups;
}

function sawUnknown({ bins, binCount }: ColumnFeature, trainingRows: number): boolean {
  for (let row = trainingRows; row < bins.length; row++) if ((bins[row] as number) >= binCount) return true;
  return false;
}

/** The code of every row of a column that features share. */
export function codesOf(features: readonly { readonly bins: Bins; readonly place: FeaturePlace }[]): Bins {
  const [first] = features as [{ readonly bins: Bins; readonly place: FeaturePlace }];
  if (first.place.coding === 'own') return first.bins;
  const codes = new Uint8Array(first.bins.length);
  for (const { bins, place } of features) {
    if (place.coding === 'product') {
      const { stride } = place;
      for (let row = 0; row < codes.length; row++) codes[row] = (codes[row] as number) + stride * (bins[row] as number);
    } else if (place.coding === 'range') {
      const { rest, first: from } = place;
      for (let row = 0; row < codes.length; row++) {
        const bin = bins[row] as number;
        if (bin !== rest) codes[row] = from + bin - Number(bin > rest);
      }
    }
  }
  return codes;
}

/** For each code of a feature's column, the feature's bin. */
export function binsOfCodes(place: FeaturePlace, binCount: number): Uint8Array {
  return Uint8Array.from({ length: codeLimit }, (_, code) => {
    if (place.coding === 'own') return code;
    if (place.coding === 'product') return Math.floor(code / place.stride) % binCount;
    const rank = code - place.first;
    if (rank < 0 || rank >= binCount - 1) return place.rest;
    return rank + Number(rank >= place.rest);
  });
}
