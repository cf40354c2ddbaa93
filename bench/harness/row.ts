/** One figure of a benchmark. `ratio` above 1 means ours is better; null where it cannot be measured here, and `why`. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number | null;
  readonly peer: number | null;
  readonly unit: string;
  readonly ratio: number | null;
  readonly must: number | null;
  readonly aim: number | null;
  readonly why: string;
}

export interface BenchOptions {
  /** Also what takes longer than twelve minutes on two cores. */
  readonly full: boolean;
  /** Runs of each side, interleaved; the median is quoted. */
  readonly runs: number;
  /** What the benchmark's own flags were given. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

/** A benchmark's own flags, by name; exported as `flags` beside `bench`. */
export type BenchFlags = Readonly<Record<string, { readonly type: 'string'; readonly default?: string }>>;

export type Bench = (options: BenchOptions) => Promise<BenchRow[]>;

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly must?: number;
  readonly aim?: number;
  readonly why?: string;
  /** For rates; seconds and megabytes are better when smaller. */
  readonly biggerIsBetter?: boolean;
}

/** A row from the figures of several runs: medians, and their ratio; null where a side could not be measured. */
export function compare({ name, unit, ours, peer, must, aim, why, biggerIsBetter }: Figure): BenchRow {
  const mine = ours.length ? median(ours) : null;
  const theirs = peer.length ? median(peer) : null;
  const ratio = mine && theirs ? (biggerIsBetter ? mine / theirs : theirs / mine) : null;
  return { name, ours: mine, peer: theirs, unit, ratio, must: must ?? null, aim: aim ?? null, why: why ?? '' };
}

/** An absolute limit: ratio = limit / ours, and must = 1. Without a measurement, a row that says so. */
export function within(name: string, unit: string, limit: number, ours: readonly number[], why = ''): BenchRow {
  const mine = ours.length ? median(ours) : null;
  const said = mine === null ? 'this system does not tell' : why || `limit ${limit} ${unit}`;
  const ratio = mine === null ? null : limit / mine;
  return { name, ours: mine, peer: limit, unit, ratio, must: 1, aim: null, why: said };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
