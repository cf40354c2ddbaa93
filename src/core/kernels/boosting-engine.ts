import { StudioError } from '../shared/errors.ts';
import { binsOfCodes, type ColumnPlan, codesOf, type FeaturePlace, ownColumns } from './boosting-columns.ts';
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
  /** Bins on the left, 256 bits; only of a sorted split. */
  readonly set: Uint32Array;
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
  const { codeCounts } = columnsOf(plan);
  const sizes = memorySizes(plan);
  const fixed = Object.values(sizes).reduce((sum, bytes) => sum + align(bytes), memoryStart);
  const privateBytes = align(8 * plan.rows + scratchBytes + 64 * gatherRows);
  let crew = opened ?? (await openBoostingCrew(kernels, plan.rows, plan.features.length));
  if (fixed + privateBytes > mostBytes) {
    crew.close();
    throw new StudioError(
      'kernel.unavailable',
      `${plan.rows} rows × ${plan.features.length} features need more than 4 GB.`,
      {
        fix: 'Train on fewer rows or features.',
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
  word[header.columns] = places.columns;
  word[header.packed] = places.packed;
  word[header.histograms] = places.histograms;
  word[header.histogramBytes] = histogramBytes(codeCounts.length);
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
  word[header.blockShift] = blockShift(codeCounts.length);
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

function memorySizes(plan: BoostingPlan) {
  const { rows, allRows, features, maxLeaves, isWeighted } = plan;
  const validation = allRows - rows;
  const columns = columnsOf(plan).codeCounts.length;
  return {
    header: headerBytes,
    job: jobBytes,
    conditions: conditionsBytes,
    featureTable: featureRecordBytes * features.length,
    shares: 8 * (mostMembers + 3),
    order: 8 * features.length,
    codeCounts: 4 * columns,
    answers: answerBytes * mostMembers,
    sets: 128 + 128,
    leaves: 16 * maxLeaves,
    leafValues: 8 * maxLeaves,
    nodes: 16 * maxLeaves,
    tables: cellsPerColumn * maxLeaves,
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
    blocks: blockPlace(columns - 1, columns, allRows) + allRows * 64,
    columns: columns * rows,
    splittable: slotCountOf(columns, maxLeaves) * features.length,
    histograms: slotCountOf(columns, maxLeaves) * histogramBytes(columns),
  };
}

function histogramBytes(columnCount: number): number {
  return Math.ceil(columnCount / 4) * 4 * columnBytes;
}

function slotCountOf(columnCount: number, maxLeaves: number): number {
  return Math.min(maxLeaves + 1, Math.max(3, Math.floor(poolBytes / histogramBytes(columnCount))));
}

function blockShift(columnCount: number): number {
  return columnCount > 32 ? 6 : 5;
}

/** Of a column's code of the first row, from where the blocks begin. */
function blockPlace(column: number, columnCount: number, allRows: number): number {
  const shift = blockShift(columnCount);
  const inBlock = column & ((1 << shift) - 1);
  return (column >> shift) * allRows * (1 << shift) + inBlock;
}

/** The first column of each member's share, and the number of columns at the end. */
function firstColumns(columnCount: number, memberCount: number): number[] {
  const units = Math.ceil(columnCount / unitColumns);
  return Array.from({ length: memberCount + 1 }, (_, member) =>
    Math.min(columnCount, Math.ceil((units * member) / memberCount) * unitColumns),
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
  /** By node: for each bin of its feature whether it goes left. */
  readonly #tables: Uint8Array;
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
    this.#tables = new Uint8Array(cellsPerColumn * plan.maxLeaves);
    this.slotCount = slotCountOf(codeCounts.length, plan.maxLeaves);
    views.i32.set(codeCounts, places.codeCounts >> 2);
    // A crew may shrink to one member while it works.
    let share = places.shares >> 2;
    let order = 0;
    for (const memberCount of [1, crew.memberCount]) {
      const starts = firstColumns(codeCounts.length, memberCount);
      starts.forEach((from, member) => {
        views.i32.set([from, order], share);
        share += 2;
        const to = starts[member + 1] ?? 0;
        placeOf.forEach(({ column }, feature) => {
          if (column >= from && column < to) views.i32[(places.order >> 2) + order++] = feature;
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
      const record = [binCount, code, 3, flags, place.column * columnBytes, codings.indexOf(place.coding)];
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
  loadColumns(bins: readonly Uint8Array[]): void {
    const { rows, allRows } = this.#plan;
    const { u8 } = this.#views;
    const { codeCounts, places } = this.#columns;
    const members = codeCounts.map((): { bins: Uint8Array; place: FeaturePlace }[] => []);
    places.forEach((place, feature) => members[place.column]?.push({ bins: bins[feature] as Uint8Array, place }));
    const columns = members.map(codesOf);
    const width = 1 << blockShift(columns.length);
    columns.forEach((codes, column) => {
      u8.set(codes.subarray(0, rows), this.#at.columns + column * rows);
    });
    // So many rows of a block stay in the first cache while column after column is written to them.
    for (let from = 0; from < allRows; from += 256) {
      const to = Math.min(allRows, from + 256);
      for (let column = 0; column < columns.length; column++) {
        const codes = columns[column] as Uint8Array;
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

  /** The lookup table of a node: per bin, whether it goes left. Filled by the caller before `split` and `addTree`. */
  tableOf(node: number): Uint8Array {
    return this.#tables.subarray(node * cellsPerColumn, (node + 1) * cellsPerColumn);
  }

  /** The same per code of the feature's column, where the kernel reads it. */
  #writeTable(node: number, feature: number): void {
    const { u8 } = this.#views;
    const table = this.tableOf(node);
    const at = this.#at.tables + node * cellsPerColumn;
    const bins = this.#binsOfCode(feature);
    if (!bins) u8.set(table, at);
    else for (let code = 0; code < cellsPerColumn; code++) u8[at + code] = table[bins[code] as number] as number;
  }

  /** The bin of each code of a column that the feature shares. */
  #binsOfCode(feature: number): Uint8Array | undefined {
    const place = this.#columns.places[feature] as FeaturePlace;
    if (place.coding === 'own') return undefined;
    return (this.#binsOfCodes[feature] ??= binsOfCodes(place, this.#plan.features[feature]?.binCount ?? 0));
  }

  split(task: SplitJob): SplitAnswer {
    const words = this.#views.i32.subarray(this.#at.job >> 2);
    words[job.start] = task.start;
    words[job.count] = task.count;
    words[job.column] = columnOf(this.#columns.places, task.feature);
    words[job.hasParent] = Number(task.hasParent);
    words[job.smallSlot] = task.smallSlot;
    words[job.largeSlot] = task.largeSlot;
    words[job.scan] = task.scan === 'histograms' ? 2 : Number(task.scan);
    words[job.leftG] = task.left.g;
    words[job.leftH] = task.left.h;
    words[job.rightG] = task.right.g;
    words[job.rightH] = task.right.h;
    words[job.table] = this.#at.tables + task.node * cellsPerColumn;
    this.#writeTable(task.node, task.feature);
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

  /** What the histogram in a slot holds in the bins that a node's table sends left. */
  leftSums(slot: number, feature: number, table: Uint8Array): Sums {
    const { codeCounts, places } = this.#columns;
    const column = columnOf(places, feature);
    const cells = (this.#at.histograms + slot * histogramBytes(codeCounts.length) + column * columnBytes) >> 2;
    const bins = this.#binsOfCode(feature);
    const { i32 } = this.#views;
    let g = 0;
    let h = 0;
    for (let code = 0; code < (codeCounts[column] as number); code++) {
      if (!table[bins ? (bins[code] as number) : code]) continue;
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
    return {
      gain: bestGain,
      feature: i32[at + 2] as number,
      bin: i32[at + 3] as number,
      defaultLeft: i32[at + 4] === 1,
      left: { g: i32[at + 5] as number, h: i32[at + 6] as number },
      kind,
      set: kind === 'sorted' ? Uint32Array.from(i32.subarray(at + 8, at + 16)) : noSet,
      ...(this.#plan.constraints
        ? { outputs: { left: f64[(best + 80) >> 3] as number, right: f64[(best + 88) >> 3] as number } }
        : {}),
    };
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

  /** Lets rows outside the bag and validation rows walk down the tree whose tables were filled while it grew. */
  addTree(
    nodes: readonly { readonly feature: number; readonly left: number; readonly right: number }[],
    leafValues: readonly number[],
    outOfBag: Uint32Array | undefined,
  ): void {
    const { rows, allRows } = this.#plan;
    nodes.forEach(({ feature, left, right }, node) => {
      const { codeCounts, places } = this.#columns;
      const codes = this.#at.blocks + blockPlace(columnOf(places, feature), codeCounts.length, allRows);
      const record = [codes, left, right, this.#at.tables + node * cellsPerColumn];
      this.#writeTable(node, feature);
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
