/**
 * Memory of the boosting kernel, shared by src/wasm/boosting.ts, its twin and the engine that fills it. Bytes; words are
 * 32 bits. Rows have a code per column, which one feature or several share (boosting-columns.ts). Codes lie twice: in
 * blocks of 64 columns (32 where there are no more), as many bytes a row (training rows, then validation rows), for
 * histograms and walks; and by column (training rows) for splitting. Columns of more than 256 codes are wide: two bytes a
 * row, in blocks of up to 16 alone, their cells behind those of the others.
 */
export const header = {
  rows: 0,
  allRows: 1,
  features: 2,
  blocks: 3,
  /** 0 where no column is wide; else the place of `wide`. */
  wide: 4,
  packed: 5,
  histograms: 6,
  histogramBytes: 7,
  /**
   * {bins; kind: 0 number, 1 number with missing, 2 category; bit 0: the left child or root may split on it, bit 1: the
   * right child; lowest byte: monotone constraint −1, 0, 1, next byte: 1 where the first bin is the rest; where its
   * column's cells begin in a histogram; coding: 0 own, 1 product, 2 range; low half: stride or first code, high half: the
   * column's codes or the feature's rest bin; –} per feature.
   */
  featureTable: 8,
  /** 256 bytes a member: the best split of the left child (or root), then of the right. */
  answers: 9,
  scores: 10,
  labels: 11,
  /** 0 where all rows weigh 1. */
  weights: 12,
  gradients: 13,
  hessians: 14,
  chunkSums: 15,
  privateStart: 16,
  privateBytes: 17,
  /** List of the rows in the bag; 0 where all are. */
  bag: 18,
  rowsInPlay: 19,
  maxCatThreshold: 20,
  maxCatToOnehot: 21,
  /** 0 where gains are plain; else the place of `conditions`. */
  conditions: 22,
  /** A byte per histogram slot and feature: 0 where no split gained, so that the leaf's children need not ask. */
  splittable: 23,
  /** 1: they are asked all the same, as XGBoost asks. */
  asksAgain: 24,
  /** Columns of a block, as a power of two. */
  blockShift: 25,
  /**
   * {first column, first place in `order`, first wide column, –} of a member alone and behind its last; then of each
   * member, while there are several, and behind the last.
   */
  shares: 26,
  /** Codes of each column that is not wide. */
  codeCounts: 27,
  /** The features that a member scans, by rising number. */
  order: 28,
} as const;

/** Doubles of the header, from byte 128. Quantities of gradients and hessians are in quantised steps. */
export const headerReal = {
  gradientScale: 0,
  hessianScale: 1,
  lambdaL1: 2,
  lambdaL2: 3,
  minDataInLeaf: 4,
  minSumHessian: 5,
  minGain: 6,
  positiveWeight: 7,
  negativeWeight: 8,
  catL2: 9,
  catSmooth: 10,
  minDataPerGroup: 11,
} as const;

/** Where a training's memory begins; what lies before is the compiler's. */
export const memoryStart = 65_536;

/** Words about wide columns; `wideColumn` of each begin at `columns`. */
export const wide = {
  /** Two bytes a row and column, all rows in blocks of up to 16 columns. */
  codes: 0,
  /** Bins on the left, of each answer: `setBytes` for the left child (or root) and for the right of each member. */
  sets: 1,
  setBytes: 2,
  /** Bytes of a row in a block, as a power of two. */
  shift: 3,
  columns: 4,
} as const;
/** Where the column's cells begin in a histogram, and how many bytes they take. */
export const wideColumn = { words: 2, cells: 0, bytes: 1 } as const;

export const headerBytes = 256;
export const cellsPerColumn = 256;
export const columnBytes = 2048;
export const featureRecordBytes = 32;
export const chunkRows = 4096;
export const gatherRows = 256;
/** What one member takes at least. */
export const unitColumns = 8;
/** Answers of one member. */
export const answerBytes = 256;
/** Doubles: two leaves' {own output, lower and upper bound of outputs, key (a word)}, then settings in natural units. */
export const conditions = {
  leaf: 4,
  output: 0,
  lower: 1,
  upper: 2,
  key: 3,
  lambdaL1: 8,
  lambdaL2: 9,
  catL2: 10,
  minGain: 11,
  maxDeltaStep: 12,
  pathSmooth: 13,
  extraTrees: 14,
} as const;
export const conditionsBytes = 128;

/**
 * Words of a split job. `test` points at one byte per code of the column, 1 where it goes left; its lowest bit is set where
 * the column is wide and it points at a bit per code.
 */
export const job = {
  start: 0,
  count: 1,
  /** The column's codes of training rows. */
  codes: 2,
  /** 1: the larger child's slot holds the parent's histogram. */
  hasParent: 3,
  smallSlot: 4,
  largeSlot: 5,
  /** 0: only move the rows; 1: histograms and the best splits; 2: histograms alone. */
  scan: 6,
  leftG: 7,
  leftH: 8,
  rightG: 9,
  rightH: 10,
  test: 11,
} as const;
export const jobBytes = 64;
/**
 * Of the private region, beyond two lists of rows and with `gatherRows` rows of 64 bytes: gathered rows with their
 * gradients; or a category's order or a level's gains, and from `derivedAt` on cells taken from those of a shared column.
 */
export const scratchBytes = 4096;
export const derivedAt = 4096;
/** Bytes for each bin of the widest column, behind the scratch: its gains, or a category's ratios and two lists of bins. */
export const wideScratchBytes = 16;
export const codings = ['own', 'product', 'range'] as const;
/** Of the scratch of a measure: counts of a radix sort, beyond two lists of (key, row). */
export const radixBytes = 8192;

/** What kind of split an answer is, by its number. */
export const splitKinds = ['number', 'oneHot', 'sorted'] as const;
