import { StudioError } from '../shared/errors.ts';
import type { BinSet } from './bin-set.ts';
import { hasBin } from './bin-set.ts';
import type { Bins, ColumnPlan, FeaturePlace } from './boosting-columns.ts';
import { binsOfCodes, codeLimit, codesOf, ownColumns } from './boosting-columns.ts';
import {
  answerBytes,
  cellsPerColumn,
  chunkRows,
  codings,
  columnBytes,
  conditions,
  conditionsBytes,
  featureRecordBytes,
  gatherRows,
  header,
  headerBytes,
  headerReal,
  job,
  jobBytes,
  memoryStart,
  radixBytes,
  scratchBytes,
  splitKinds,
  unitColumns,
  wide,
  wideColumn,
  wideScratchBytes,
} from './boosting-layout.ts';
import { type Crew, describeCrew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { createReferenceBoostingCrew } from './reference/boosting-crew.ts';
import type { MemoryViews } from './reference/memory-views.ts';
import { viewsOf } from './reference/memory-views.ts';

/** What a training needs to know before memory is laid out. */
export interface BoostingPlan {
  /** Training rows come first, then validation rows up to `allRows`. */
  readonly rows: number;
  readonly allRows: number;
  readonly features: readonly {
    readonly binCount: number;
    readonly kind: 'number' | 'numberWithMissing' | 'category';
    /** Whether scores may only rise (1) or fall (−1) with the feature. */
    readonly monotone?: -1 | 0 | 1;
    /** Whether LightGBM would hold no cell for the first bin, so that its rows are those that the others leave. */
    readonly firstBinIsRest?: boolean;
  }[];
  /** Which features share a column; without, none does. Splits are the same. */
  readonly columns?: ColumnPlan;
  readonly maxLeaves: number;
  /** Whether a leaf's children try features whose splits gained nothing in the leaf; LightGBM's do not. */
  readonly asksAgain?: boolean;
  readonly isWeighted: boolean;
  /** In natural units; they are turned into quantised steps tree by tree. */
  readonly settings: BoostingSettings;
  /** Where given, gains are reckoned from bounded, clipped or smoothed outputs, and each leaf has its `LeafConditions`. */
  readonly constraints?: BoostingConstraints;
}

export interface BoostingConstraints {
  /** 0: no limit. */
  readonly maxDeltaStep: number;
  readonly pathSmooth: number;
  /** One drawn threshold per feature and leaf. */
  readonly extraTrees: boolean;
}

/** What a leaf's children must keep to. */
export interface LeafConditions {
  /** The leaf's own output, before the learning rate. */
  readonly output: number;
  readonly lower: number;
  readonly upper: number;
  /** Seed of the leaf's drawn thresholds: 32 bits. */
  readonly key: number;
}

export interface BoostingSettings {
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  readonly minDataInLeaf: number;
  readonly minSumHessian: number;
  readonly minGain: number;
  readonly positiveWeight: number;
  readonly negativeWeight: number;
  readonly catL2: number;
  readonly catSmooth: number;
  readonly minDataPerGroup: number;
  readonly maxCatThreshold: number;
  readonly maxCatToOnehot: number;
}

/** A leaf's sums in quantised steps. */
export interface Sums {
  readonly g: number;
  readonly h: number;
}

/** The best split of a leaf. `gain` is G²/(H+λ) of both children in quantised steps, the parent's not taken off. */
export interface SplitInfo {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly defaultLeft: boolean;
  readonly left: Sums;
  readonly kind: (typeof splitKinds)[number];
  /** Bins on the left; only of a sorted split. */
  readonly set: BinSet;
  /** Of the children, before the learning rate; only under constraints, where `gain` is net and in natural units. */
  readonly outputs?: { readonly left: number; readonly right: number };
}

export interface SplitJob {
  readonly start: number;
  readonly count: number;
  readonly feature: number;
  readonly node: number;
  readonly hasParent: boolean;
  readonly smallSlot: number;
  readonly largeSlot: number;
  /** What the children will need: nothing, their histograms, or their best splits as well. */
  readonly scan: boolean | 'histograms';
  readonly left: Sums;
  readonly right: Sums;
  /** Under constraints: of the left and the right child. */
  readonly conditions?: readonly [LeafConditions, LeafConditions];
  /** Features that the left and the right child may split on; absent: those of the tree. */
  readonly allowed?: readonly [Uint8Array, Uint8Array];
}

export interface SplitAnswer {
  readonly leftCount: number;
  readonly left: SplitInfo | undefined;
  readonly right: SplitInfo | undefined;
}

/** Sums over a set of rows, by row weight; pairs and precisions make AUC and average precision. */
export interface Measures {
  readonly positives: number;
  readonly negatives: number;
  readonly auc: number;
  readonly averagePrecision: number;
  /** Mean log-loss by row weight, and with the class weights of training besides. */
  readonly logLoss: number;
  readonly weightedLogLoss: number;
  /** Share of the rows, by weight, on the wrong side of log-odds 0. */
  readonly error: number;
}

/** Histograms kept for later subtraction take at most so much. */
const poolBytes = 256 * 1024 * 1024;
/** Below so many cells threads cost more than they bring. */
const smallJobCells = 200_000;
/** Training rows the live measures are taken on, evenly spaced. */
const measuredRows = 8192;
const mostMembers = 64;
const firstPages = 16;
const mostBytes = 4_000_000_000;
const noSet = new Uint32Array(8);
/** Four bits as four bytes. */
const bytesOfBits = Int32Array.from(
  { length: 16 },
  (_, b) => (b & 1) | ((b & 2) << 7) | ((b & 4) << 14) | ((b & 8) << 21),
);
/** Keeps a step finite when all gradients have all but vanished. */
const largestScale = 1e18;
/** The root: its own output is the kernel's to find, from the sums. */
const unbounded = { output: Number.NaN, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** The kernel with its memory laid out. All sums are of whole steps: same bytes on any number of threads. */
export async function createBoostingEngine(
  kernels: Kernels,
  plan: BoostingPlan,
  opened?: Crew,
): Promise<BoostingEngine> {
  const columns = columnsOf(plan);
  const { narrow, wideBytes } = widthsOf(columns);
  const sizes = memorySizes(plan);
  const fixed = Object.values(sizes).reduce((sum, bytes) => sum + align(bytes), memoryStart);
  const privateBytes = align(8 * plan.rows + scratchBytes + 64 * gatherRows + wideScratchBytes * widestOf(columns));
  let crew = opened ?? (await openBoostingCrew(kernels, plan.rows, plan.features.length));
  if (fixed + privateBytes > mostBytes) {
    crew.close();
    throw new StudioError(
      'kernel.unavailable',
      `${plan.rows} rows × ${plan.features.length} features need more than 4 GB.`,
      {
        fix: 'Train on fewer rows or features, or set a smaller max_bin.',
      },
    );
  }
  if (crew.memberCount > 1 && fixed + privateBytes * crew.memberCount > mostBytes) {
    crew.close();
    crew = await openBoostingCrew(kernels, 0, 0);
  }
  growTo(crew, fixed + privateBytes * crew.memberCount);
  const views = viewsOf(crew.memory.buffer);
  let at = memoryStart;
  const places = {} as Record<keyof typeof sizes, number>;
  for (const [name, bytes] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
    places[name] = at;
    at += align(bytes);
  }
  const word = views.i32.subarray(places.header >> 2, (places.header >> 2) + 32);
  word[header.rows] = plan.rows;
  word[header.allRows] = plan.allRows;
  word[header.features] = plan.features.length;
  word[header.blocks] = places.blocks;
  word[header.wide] = wideBytes.length > 0 ? places.wide : 0;
  word[header.packed] = places.packed;
  word[header.histograms] = places.histograms;
  word[header.histogramBytes] = histogramBytes(columns);
  word[header.featureTable] = places.featureTable;
  word[header.answers] = places.answers;
  word[header.scores] = places.scores;
  word[header.labels] = places.labels;
  word[header.weights] = plan.isWeighted ? places.weights : 0;
  word[header.gradients] = places.gradients;
  word[header.hessians] = places.hessians;
  word[header.chunkSums] = places.chunkSums;
  word[header.privateStart] = at;
  word[header.privateBytes] = privateBytes;
  word[header.maxCatThreshold] = plan.settings.maxCatThreshold;
  word[header.maxCatToOnehot] = plan.settings.maxCatToOnehot;
  word[header.conditions] = plan.constraints ? places.conditions : 0;
  word[header.splittable] = places.splittable;
  word[header.blockShift] = blockShift(narrow);
  word[header.shares] = places.shares;
  word[header.order] = places.order;
  word[header.codeCounts] = places.codeCounts;
  word[header.asksAgain] = Number(plan.asksAgain ?? false);
  const backend = kernels.createCrew ? describeCrew(crew) : 'TypeScript';
  return new BoostingEngine(crew, views, places, plan, backend);
}

/** The threads of a training, for binning its features and growing its trees: memory grows once its size is known. */
export async function openBoostingCrew({ createCrew }: Kernels, rows: number, featureCount: number): Promise<Crew> {
  if (!createCrew) return createReferenceBoostingCrew(firstPages);
  const units = Math.ceil(featureCount / unitColumns / 2);
  const maxMembers = rows * featureCount < smallJobCells ? 1 : units;
  return createCrew('boosting', { initialPages: firstPages, maxMembers, mayShrink: true });
}

/** Lets a crew's memory hold so many bytes. */
export function growTo({ memory }: Crew, bytes: number): void {
  try {
    memory.grow(Math.max(0, Math.ceil(bytes / 65_536) + 1 - memory.buffer.byteLength / 65_536));
  } catch (cause) {
    throw new StudioError('kernel.unavailable', `The host gave no ${Math.ceil(bytes / 1_048_576)} MiB of memory.`, {
      cause,
      fix: 'Use fewer rows, or close other tabs.',
    });
  }
}

type Places = Readonly<Record<keyof ReturnType<typeof memorySizes>, number>>;

function columnOf(places: readonly FeaturePlace[], feature: number): number {
  return (places[feature] as FeaturePlace).column;
}

function columnsOf({ columns, features }: BoostingPlan): ColumnPlan {
  return columns ?? ownColumns(features.map(({ binCount }) => binCount));
}

/** How many columns are of one byte, and of each wide one the bytes of its cells, with room for scans beyond the last. */
function widthsOf({ codeCounts }: ColumnPlan): { readonly narrow: number; readonly wideBytes: readonly number[] } {
  const wideBytes = codeCounts.filter((codes) => codes > codeLimit).map((codes) => 32 * Math.ceil(codes / 4));
  return { narrow: codeCounts.length - wideBytes.length, wideBytes };
}

/** Codes of the widest column, 0 where none is wide. */
function widestOf({ codeCounts }: ColumnPlan): number {
  return codeCounts.reduce((most, codes) => (codes > codeLimit ? Math.max(most, codes) : most), 0);
}

/** Words of a set of bins. */
function setWords(columns: ColumnPlan): number {
  return Math.ceil(Math.max(codeLimit, widestOf(columns)) / 32);
}

function memorySizes(plan: BoostingPlan) {
  const { rows, allRows, features, maxLeaves, isWeighted } = plan;
  const validation = allRows - rows;
  const columns = columnsOf(plan);
  const { narrow, wideBytes } = widthsOf(columns);
  const isWide = wideBytes.length > 0;
  const slots = slotCountOf(columns, maxLeaves);
  return {
    header: headerBytes,
    job: jobBytes,
    conditions: conditionsBytes,
    featureTable: featureRecordBytes * features.length,
    shares: 16 * (mostMembers + 3),
    order: 8 * features.length,
    codeCounts: 4 * narrow,
    wide: isWide ? 4 * (wide.columns + wideColumn.words * wideBytes.length) : 0,
    wideSets: isWide ? 8 * setWords(columns) * mostMembers : 0,
    answers: answerBytes * mostMembers,
    sets: 128 + 128,
    leaves: 16 * maxLeaves,
    leafValues: 8 * maxLeaves,
    nodes: 16 * maxLeaves,
    tables: cellsPerColumn * maxLeaves,
    leftBins: 4 * setWords(columns) * maxLeaves,
    chunkSums: 16 * Math.ceil(rows / chunkRows),
    labels: allRows,
    weights: isWeighted ? 8 * allRows : 0,
    scores: 8 * allRows,
    gradients: 8 * rows,
    hessians: 8 * rows,
    packed: 8 * rows,
    rowList: 4 * rows,
    bag: 4 * rows,
    trainScratch: radixBytes + 16 * Math.min(rows, measuredRows),
    validationScratch: radixBytes + 16 * validation,
    blocks: narrow > 0 ? blockPlace(narrow - 1, narrow, allRows) + allRows * 64 : 0,
    columns: narrow * rows,
    wideCodes: isWide ? Math.ceil(wideBytes.length / 16) * allRows * (1 << wideShift(wideBytes.length)) : 0,
    splittable: slots * features.length,
    histograms: slots * histogramBytes(columns),
  };
}

function histogramBytes(columns: ColumnPlan): number {
  const { narrow, wideBytes } = widthsOf(columns);
  return wideBytes.reduce((sum, bytes) => sum + bytes, narrowBytes(narrow));
}

function narrowBytes(columnCount: number): number {
  return Math.ceil(columnCount / 4) * 4 * columnBytes;
}

function slotCountOf(columns: ColumnPlan, maxLeaves: number): number {
  return Math.min(maxLeaves + 1, Math.max(3, Math.floor(poolBytes / histogramBytes(columns))));
}

function blockShift(columnCount: number): number {
  return columnCount > 32 ? 6 : 5;
}

/** Bytes of a row in a block of wide columns, as a power of two: of up to 16 columns, fewer where there are fewer. */
function wideShift(wideCount: number): number {
  return 1 + Math.min(4, 32 - Math.clz32(wideCount - 1));
}

/** Of a column's code of the first row, from where the blocks begin. */
function blockPlace(column: number, columnCount: number, allRows: number): number {
  const shift = blockShift(columnCount);
  const inBlock = column & ((1 << shift) - 1);
  return (column >> shift) * allRows * (1 << shift) + inBlock;
}

/** The first column of each member's share, by `unit` columns, and the number of columns at the end. */
function firstColumns(columnCount: number, memberCount: number, unit: number): number[] {
  const units = Math.ceil(columnCount / unit);
  return Array.from({ length: memberCount + 1 }, (_, member) =>
    Math.min(columnCount, Math.ceil((units * member) / memberCount) * unit),
  );
}

function align(bytes: number): number {
  return Math.ceil((bytes + 16) / 128) * 128;
}

/** One training's memory and the kernel's calls on it. Not shared; `close` ends its threads. */
export class BoostingEngine {
  readonly slotCount: number;
  /** Steps per unit of gradient and of hessian, set anew for each tree. */
  gradientScale = 1;
  hessianScale = 1;
  readonly #crew: Crew;
  readonly #views: MemoryViews;
  readonly #at: Places;
  readonly #plan: BoostingPlan;
  readonly #real: Float64Array;
  readonly #word: Int32Array;
  readonly #columns: ColumnPlan;
  /** How many columns are not wide. */
  readonly #narrow: number;
  /** Where each column's cells begin in a histogram. */
  readonly #cellsFrom: readonly number[];
  /** Of each node one after the other, so many words each. */
  readonly #leftBins: BinSet;
  readonly #setWords: number;
  readonly #slotBytes: number;
  readonly #wideShift: number;
  readonly #binsOfCodes: (Uint8Array | undefined)[] = [];

  constructor(
    crew: Crew,
    views: MemoryViews,
    places: Places,
    plan: BoostingPlan,
    readonly backend: string,
  ) {
    this.#crew = crew;
    this.#views = views;
    this.#at = places;
    this.#plan = plan;
    this.#word = views.i32.subarray(places.header >> 2);
    this.#real = views.f64.subarray((places.header + 128) >> 3);
    this.#columns = columnsOf(plan);
    const { codeCounts, places: placeOf } = this.#columns;
    const { narrow, wideBytes } = widthsOf(this.#columns);
    this.#narrow = narrow;
    this.#setWords = setWords(this.#columns);
    this.#slotBytes = histogramBytes(this.#columns);
    this.#wideShift = wideShift(wideBytes.length);
    this.#leftBins = new Uint32Array(views.i32.buffer, places.leftBins, this.#setWords * plan.maxLeaves);
    this.slotCount = slotCountOf(this.#columns, plan.maxLeaves);
    const cellsFrom = Array.from({ length: narrow }, (_, column) => column * columnBytes);
    views.i32.set(codeCounts.slice(0, narrow), places.codeCounts >> 2);
    if (wideBytes.length > 0)
      views.i32.set([places.wideCodes, places.wideSets, 4 * this.#setWords, this.#wideShift], places.wide >> 2);
    wideBytes.forEach((bytes, column) => {
      const from =
        column === 0 ? narrowBytes(narrow) : (cellsFrom.at(-1) as number) + (wideBytes[column - 1] as number);
      views.i32.set([from, bytes], (places.wide >> 2) + wide.columns + wideColumn.words * column);
      cellsFrom.push(from);
    });
    this.#cellsFrom = cellsFrom;
    // A crew may shrink to one member while it works.
    let share = places.shares >> 2;
    let order = 0;
    for (const memberCount of [1, crew.memberCount]) {
      const starts = firstColumns(narrow, memberCount, unitColumns);
      const wideStarts = firstColumns(wideBytes.length, memberCount, 1);
      starts.forEach((from, member) => {
        const wideFrom = wideStarts[member] as number;
        views.i32.set([from, order, wideFrom], share);
        share += 4;
        const to = starts[member + 1] ?? 0;
        const wideTo = wideStarts[member + 1] ?? 0;
        placeOf.forEach(({ column }, feature) => {
          const isOwn =
            column < narrow ? column >= from && column < to : column - narrow >= wideFrom && column - narrow < wideTo;
          if (isOwn) views.i32[(places.order >> 2) + order++] = feature;
        });
      });
    }
    const { settings } = plan;
    this.#real[headerReal.positiveWeight] = settings.positiveWeight;
    this.#real[headerReal.negativeWeight] = settings.negativeWeight;
    this.#real[headerReal.minDataInLeaf] = settings.minDataInLeaf;
    this.#real[headerReal.catSmooth] = settings.catSmooth;
    this.#real[headerReal.minDataPerGroup] = settings.minDataPerGroup;
    plan.features.forEach(({ binCount, kind, monotone = 0, firstBinIsRest = false }, feature) => {
      const place = placeOf[feature] as FeaturePlace;
      const code = kind === 'category' ? 2 : kind === 'numberWithMissing' ? 1 : 0;
      const flags = (monotone & 0xff) | (Number(firstBinIsRest) << 8);
      const record = [binCount, code, 3, flags, cellsFrom[place.column] as number, codings.indexOf(place.coding)];
      const how =
        place.coding === 'product'
          ? place.stride | ((codeCounts[place.column] as number) << 16)
          : place.coding === 'range'
            ? place.first | (place.rest << 16)
            : 0;
      views.i32.set([...record, how], (places.featureTable + featureRecordBytes * feature) >> 2);
    });
    if (plan.constraints) this.#writeConstraints(plan.constraints);
  }

  #writeConstraints({ maxDeltaStep, pathSmooth, extraTrees }: BoostingConstraints): void {
    const { settings } = this.#plan;
    const at = this.#at.conditions >> 3;
    const natural: [keyof typeof conditions, number][] = [
      ['lambdaL1', settings.lambdaL1],
      ['lambdaL2', settings.lambdaL2],
      ['catL2', settings.catL2],
      ['minGain', settings.minGain],
      ['maxDeltaStep', maxDeltaStep],
      ['pathSmooth', pathSmooth],
      ['extraTrees', Number(extraTrees)],
    ];
    for (const [name, value] of natural) this.#views.f64[at + conditions[name]] = value;
  }

  #writeConditions(side: number, { output, lower, upper, key }: LeafConditions): void {
    const at = (this.#at.conditions >> 3) + side * conditions.leaf;
    this.#views.f64.set([output, lower, upper], at);
    this.#views.i32[2 * (at + conditions.key)] = key;
  }

  /** Which features the left child or root (side 0) and the right child (1) may split on. */
  #allow(left: Uint8Array, right: Uint8Array): void {
    const at = (this.#at.featureTable >> 2) + 2;
    for (let f = 0; f < left.length; f++) {
      this.#views.i32[at + (featureRecordBytes >> 2) * f] = (left[f] as number) | ((right[f] as number) << 1);
    }
  }

  /** Bins of each feature: all rows, training first. */
  loadColumns(bins: readonly Bins[]): void {
    const { rows, allRows } = this.#plan;
    const { u8, u16 } = this.#views;
    const { codeCounts, places } = this.#columns;
    const members = codeCounts.map((): { bins: Bins; place: FeaturePlace }[] => []);
    places.forEach((place, feature) => members[place.column]?.push({ bins: bins[feature] as Bins, place }));
    const wideColumns = members.slice(this.#narrow).map(codesOf);
    const step = 1 << (this.#wideShift - 1);
    wideColumns.forEach((codes, column) => {
      let at = this.#wideCodesAt(column) / 2;
      for (let row = 0; row < allRows; row++, at += step) u16[at] = codes[row] as number;
    });
    const columns = members.slice(0, this.#narrow).map(codesOf);
    const width = 1 << blockShift(columns.length);
    columns.forEach((codes, column) => {
      u8.set(codes.subarray(0, rows), this.#at.columns + column * rows);
    });
    // So many rows of a block stay in the first cache while column after column is written to them.
    for (let from = 0; from < allRows; from += 256) {
      const to = Math.min(allRows, from + 256);
      for (let column = 0; column < columns.length; column++) {
        const codes = columns[column] as Bins;
        let at = this.#at.blocks + blockPlace(column, columns.length, allRows) + from * width;
        for (let row = from; row < to; row++, at += width) u8[at] = codes[row] as number;
      }
    }
  }

  loadLabels(labels: Uint8Array, weights: Float64Array | undefined): void {
    this.#views.u8.set(labels, this.#at.labels);
    if (weights) this.#views.f64.set(weights, this.#at.weights >> 3);
  }

  setScores(value: number): void {
    this.scores().fill(value);
  }

  /** Raw scores of all rows, training first: the kernel's own memory, to be read and written between its calls. */
  scores(): Float64Array {
    const from = this.#at.scores >> 3;
    return this.#views.f64.subarray(from, from + this.#plan.allRows);
  }

  /**
   * Fresh gradients and the root: its sums, and its best split. `bag` lists the rows to learn from; a function chooses
   * them by their gradients and hessians (of the training rows), which it may rescale in place. `key` seeds the root's
   * drawn thresholds.
   */
  beginTree(
    allowed: Uint8Array,
    bag: Uint32Array | undefined | ((gradients: Float64Array, hessians: Float64Array) => Uint32Array),
    key = 0,
  ): { sums: Sums; count: number; best: SplitInfo | undefined } {
    const { i32, f64 } = this.#views;
    const { rows } = this.#plan;
    this.#allow(allowed, allowed);
    this.#crew.run('gradients', this.#at.header);
    let sumG = 0;
    let sumH = 0;
    let inPlay = bag;
    if (typeof inPlay === 'function') {
      const g = f64.subarray(this.#at.gradients >> 3, (this.#at.gradients >> 3) + rows);
      const h = f64.subarray(this.#at.hessians >> 3, (this.#at.hessians >> 3) + rows);
      inPlay = inPlay(g, h);
      for (let row = 0; row < rows; row++) {
        sumG += Math.abs(g[row] as number);
        sumH += h[row] as number;
      }
    } else {
      for (let chunk = 0; chunk < Math.ceil(rows / chunkRows); chunk++) {
        sumG += f64[(this.#at.chunkSums >> 3) + 2 * chunk] as number;
        sumH += f64[(this.#at.chunkSums >> 3) + 2 * chunk + 1] as number;
      }
    }
    const count = inPlay?.length ?? rows;
    if (inPlay) i32.set(inPlay, this.#at.bag >> 2);
    this.#word[header.bag] = inPlay ? this.#at.bag : 0;
    this.#word[header.rowsInPlay] = count;
    this.#setScales(sumG, sumH);
    this.#crew.run('quantise', this.#at.header);
    if (this.#plan.constraints) this.#writeConditions(0, { ...unbounded, key });
    this.#crew.run('root', this.#at.header, 0);
    const total = (this.#at.answers + 64) >> 2;
    const sums = { h: i32[total] as number, g: i32[total + 1] as number };
    return { sums, count, best: this.#bestAnswer(0) };
  }

  /** So many steps that no sum of rounded gradients or hessians reaches 2^31. */
  #setScales(sumG: number, sumH: number): void {
    const room = 2_147_483_646 - this.#plan.rows;
    this.gradientScale = sumG > 0 ? Math.min(room / sumG, largestScale) : 1;
    this.hessianScale = sumH > 0 ? Math.min(room / sumH, largestScale) : 1;
    const { settings } = this.#plan;
    this.#real[headerReal.gradientScale] = this.gradientScale;
    this.#real[headerReal.hessianScale] = this.hessianScale;
    this.#real[headerReal.lambdaL1] = settings.lambdaL1 * this.gradientScale;
    this.#real[headerReal.lambdaL2] = settings.lambdaL2 * this.hessianScale;
    this.#real[headerReal.catL2] = settings.catL2 * this.hessianScale;
    this.#real[headerReal.minSumHessian] = settings.minSumHessian * this.hessianScale;
    this.#real[headerReal.minGain] = settings.minGain / this.gainUnit();
  }

  /** What one unit of a `SplitInfo.gain` is in LightGBM's gain. */
  gainUnit(): number {
    return this.hessianScale / this.gradientScale / this.gradientScale;
  }

  /** The bins that a node sends left. Filled by the caller before `split` and `addTree`. */
  leftBins(node: number): BinSet {
    return this.#leftBins.subarray(node * this.#setWords, (node + 1) * this.#setWords);
  }

  /** Where the kernel reads a node's test: the bins themselves for a wide column, else a byte per code of the column. */
  #writeTest(node: number, feature: number): number {
    const { u8, i32 } = this.#views;
    const left = this.leftBins(node);
    if (columnOf(this.#columns.places, feature) >= this.#narrow) return left.byteOffset | 1;
    const at = this.#at.tables + node * cellsPerColumn;
    const bins = this.#binsOfCode(feature);
    if (bins)
      for (let code = 0; code < cellsPerColumn; code++) u8[at + code] = Number(hasBin(left, bins[code] as number));
    else {
      for (let four = 0; four < cellsPerColumn / 4; four++) {
        i32[(at >> 2) + four] = bytesOfBits[((left[four >> 3] as number) >>> (4 * (four & 7))) & 15] as number;
      }
    }
    return at;
  }

  /** The bin of each code of a column that the feature shares. */
  #binsOfCode(feature: number): Uint8Array | undefined {
    const place = this.#columns.places[feature] as FeaturePlace;
    if (place.coding === 'own') return undefined;
    return (this.#binsOfCodes[feature] ??= binsOfCodes(place, this.#plan.features[feature]?.binCount ?? 0));
  }

  /** Where a feature's codes of the training rows begin: one after the other, or in a block of wide columns. */
  #codesAt(feature: number): number {
    const column = columnOf(this.#columns.places, feature);
    if (column < this.#narrow) return this.#at.columns + column * this.#plan.rows;
    return this.#wideCodesAt(column - this.#narrow);
  }

  #wideCodesAt(column: number): number {
    const shift = this.#wideShift;
    const inBlock = column & ((1 << (shift - 1)) - 1);
    return this.#at.wideCodes + (column >> (shift - 1)) * this.#plan.allRows * (1 << shift) + 2 * inBlock;
  }

  split(task: SplitJob): SplitAnswer {
    const words = this.#views.i32.subarray(this.#at.job >> 2);
    words[job.start] = task.start;
    words[job.count] = task.count;
    words[job.codes] = this.#codesAt(task.feature);
    words[job.hasParent] = Number(task.hasParent);
    words[job.smallSlot] = task.smallSlot;
    words[job.largeSlot] = task.largeSlot;
    words[job.scan] = task.scan === 'histograms' ? 2 : Number(task.scan);
    words[job.leftG] = task.left.g;
    words[job.leftH] = task.left.h;
    words[job.rightG] = task.right.g;
    words[job.rightH] = task.right.h;
    words[job.test] = this.#writeTest(task.node, task.feature);
    task.conditions?.forEach((own, side) => this.#writeConditions(side, own));
    if (task.allowed) this.#allow(...task.allowed);
    this.#crew.run('split', this.#at.header, this.#at.job);
    const leftCount = this.#views.i32[(this.#at.answers + 72) >> 2] as number;
    return { leftCount, left: this.#bestAnswer(0), right: this.#bestAnswer(128) };
  }

  /**
   * The split that all leaves of a level share (oblivious trees), from the histograms in their slots: its `gain` is the
   * sum over all children, its `left` means nothing. Undefined where no split gains anything.
   */
  scanLevel(leaves: readonly { readonly slot: number; readonly sums: Sums }[]): SplitInfo | undefined {
    leaves.forEach(({ slot, sums }, index) => {
      this.#views.i32.set([slot, sums.g, sums.h, 0], (this.#at.leaves >> 2) + 4 * index);
    });
    this.#crew.run('scanLevel', this.#at.header, this.#at.leaves, leaves.length);
    return this.#bestAnswer(0);
  }

  /** Hessian and gradient of each training row in quantised steps, one after the other: the kernel's own memory. */
  gradientSteps(): Int32Array {
    const from = this.#at.packed >> 2;
    return this.#views.i32.subarray(from, from + 2 * this.#plan.rows);
  }

  /** What the histogram in a slot holds in the bins that a node sends left. */
  leftSums(slot: number, feature: number, node: number): Sums {
    const { codeCounts, places } = this.#columns;
    const column = columnOf(places, feature);
    const left = this.leftBins(node);
    const histogram = this.#at.histograms + slot * this.#slotBytes;
    const cells = (histogram + (this.#cellsFrom[column] as number)) / 4;
    const bins = this.#binsOfCode(feature);
    const { i32 } = this.#views;
    let g = 0;
    let h = 0;
    for (let code = 0; code < (codeCounts[column] as number); code++) {
      if (!hasBin(left, bins ? (bins[code] as number) : code)) continue;
      h += i32[cells + 2 * code] as number;
      g += i32[cells + 2 * code + 1] as number;
    }
    return { g, h };
  }

  /** Among the members' answers; of equal gains the first feature counts. */
  #bestAnswer(offset: number): SplitInfo | undefined {
    const { i32, f64 } = this.#views;
    let best = -1;
    let bestGain = Number.NEGATIVE_INFINITY;
    for (let member = 0; member < this.#crew.memberCount; member++) {
      const at = this.#at.answers + member * answerBytes + offset;
      const gain = f64[at >> 3] as number;
      const feature = i32[(at + 8) >> 2] as number;
      const isFirst = gain === bestGain && feature < (i32[(best + 8) >> 2] as number);
      if (feature >= 0 && (gain > bestGain || isFirst)) {
        best = at;
        bestGain = gain;
      }
    }
    if (best < 0) return undefined;
    const at = best >> 2;
    const kind = splitKinds[i32[at + 7] as number] as SplitInfo['kind'];
    const feature = i32[at + 2] as number;
    return {
      gain: bestGain,
      feature,
      bin: i32[at + 3] as number,
      defaultLeft: i32[at + 4] === 1,
      left: { g: i32[at + 5] as number, h: i32[at + 6] as number },
      kind,
      set: kind === 'sorted' ? this.#setOf(best, feature) : noSet,
      ...(this.#plan.constraints
        ? { outputs: { left: f64[(best + 80) >> 3] as number, right: f64[(best + 88) >> 3] as number } }
        : {}),
    };
  }

  /** The bins on the left of a member's best split. */
  #setOf(answer: number, feature: number): BinSet {
    const isWide = columnOf(this.#columns.places, feature) >= this.#narrow;
    const words = isWide ? this.#setWords : noSet.length;
    const at = isWide ? this.#at.wideSets + 4 * words * ((answer - this.#at.answers) >> 7) : answer + 32;
    return Uint32Array.from(this.#views.i32.subarray(at >> 2, (at >> 2) + words));
  }

  /** Adds leaf values to the rows in the bag, which lie leaf by leaf in the members' lists. */
  addLeafValues(leaves: readonly { readonly start: number; readonly count: number; readonly value: number }[]): void {
    leaves.forEach(({ start, count, value }, index) => {
      const at = this.#at.leaves + 16 * index;
      this.#views.i32.set([start, count], at >> 2);
      this.#views.f64[(at + 8) >> 3] = value;
    });
    this.#crew.run('addScores', this.#at.header, this.#at.leaves, leaves.length);
  }

  /** Lets rows outside the bag and validation rows walk down the tree whose `leftBins` were filled while it grew. */
  addTree(
    nodes: readonly { readonly feature: number; readonly left: number; readonly right: number }[],
    leafValues: readonly number[],
    outOfBag: Uint32Array | undefined,
  ): void {
    const { rows, allRows } = this.#plan;
    nodes.forEach(({ feature, left, right }, node) => {
      const column = columnOf(this.#columns.places, feature);
      const isWide = column >= this.#narrow;
      const codes = isWide ? this.#codesAt(feature) : this.#at.blocks + blockPlace(column, this.#narrow, allRows);
      const record = [codes, left, right, this.#writeTest(node, feature)];
      this.#views.i32.set(record, (this.#at.nodes >> 2) + 4 * node);
    });
    this.#views.f64.set(leafValues, this.#at.leafValues >> 3);
    const shared = [this.#at.header, this.#at.nodes, this.#at.leafValues] as const;
    if (allRows > rows) this.#crew.run('walk', ...shared, 0, rows, allRows - rows);
    if (outOfBag?.length) {
      this.#views.i32.set(outOfBag, this.#at.rowList >> 2);
      this.#crew.run('walk', ...shared, this.#at.rowList, 0, outOfBag.length);
    }
  }

  /** The leaf in which each of some training rows ends, by the tests written while the tree grew. */
  leavesOf(
    nodes: readonly { readonly feature: number; readonly left: number; readonly right: number }[],
    rows: Uint32Array,
  ): Uint32Array {
    const { u8, u16 } = this.#views;
    const codes = nodes.map(({ feature }) => this.#codesAt(feature));
    const isWide = nodes.map(({ feature }) => columnOf(this.#columns.places, feature) >= this.#narrow);
    const left = nodes.map((_, node) => this.leftBins(node));
    const step = 1 << (this.#wideShift - 1);
    return rows.map((row) => {
      let node = 0;
      while (node >= 0) {
        const from = codes[node] as number;
        const goesLeft = isWide[node]
          ? hasBin(left[node] as BinSet, u16[from / 2 + row * step] as number)
          : u8[this.#at.tables + node * cellsPerColumn + (u8[from + row] as number)] === 1;
        const { left: low, right: high } = nodes[node] as { left: number; right: number };
        node = goesLeft ? low : high;
      }
      return ~node;
    });
  }

  /** Measures on (a spread of) the training rows, and on all validation rows. */
  measure(): { train: Measures; validation: Measures } {
    const { rows, allRows } = this.#plan;
    const step = Math.ceil(rows / measuredRows);
    const trainOut = this.#at.sets + 128;
    const validationOut = trainOut + 64;
    const sets = [
      [rows, 1, allRows - rows, this.#at.validationScratch, validationOut, 0, 0, 0],
      [0, step, Math.floor((rows - 1) / step) + 1, this.#at.trainScratch, trainOut, 0, 0, 0],
    ];
    this.#views.i32.set(sets.flat(), this.#at.sets >> 2);
    this.#crew.run('measure', this.#at.header, this.#at.sets, sets.length);
    return { train: this.#readMeasures(trainOut), validation: this.#readMeasures(validationOut) };
  }

  #readMeasures(at: number): Measures {
    const [positives, negatives, pairs, precisions, plain, balanced, wrong] = this.#views.f64.slice(
      at >> 3,
      (at >> 3) + 7,
    ) as unknown as [number, number, number, number, number, number, number];
    const { positiveWeight, negativeWeight } = this.#plan.settings;
    return {
      positives,
      negatives,
      auc: pairs / (positives * negatives),
      averagePrecision: precisions / positives,
      logLoss: plain / (positives + negatives),
      weightedLogLoss: balanced / (positives * positiveWeight + negatives * negativeWeight),
      error: wrong / (positives + negatives),
    };
  }

  close(): void {
    this.#crew.close();
  }
}
