/**
 * Gradient boosted trees as the kernel `trees` takes them: tests of columns, each with its own slots, and trees of at most
 * `maxLeaves` leaves over these tests. Plain data, made once per model; never changed afterwards.
 */
export interface TreeProgram {
  readonly columns: readonly ProgramColumn[];
  readonly trees: readonly ProgramTree[];
}

export type ProgramColumn = ThresholdColumn | SetColumn;

/** Numbers, staged as they are. Test t holds ("goes right") where the value exceeds thresholds[t]. */
export interface ThresholdColumn {
  readonly kind: 'thresholds';
  /** Ascending, distinct, no NaN; ±Infinity may be among them. */
  readonly thresholds: Float64Array;
  /** NaN is read as 0; else it is missing, and where that goes is for each node to say. */
  readonly missingIsZero: boolean;
  /** Which sides nodes of this column send missing to; at least one, where missing is not zero. */
  readonly missingLeft: boolean;
  readonly missingRight: boolean;
}

/** Categories, staged as the number of their slot. Test s holds where the slot is not among sets[s]. */
export interface SetColumn {
  readonly kind: 'sets';
  readonly slotCount: number;
  readonly sets: readonly Uint16Array[];
}

/** Inner nodes level by level; leaves are numbered from left to right. */
export interface ProgramTree {
  readonly column: Int32Array;
  readonly test: Int32Array;
  /** 1 where missing goes right; columns of thresholds only. */
  readonly missingRight: Uint8Array;
  /** A node's leaves are low … high − 1, those of its right side start at middle. */
  readonly low: Int32Array;
  readonly middle: Int32Array;
  readonly high: Int32Array;
  readonly leafValue: Float64Array;
}

/** Leaf numbers are bytes. */
export const maxLeaves = 256;
/** Slots are staged as 16-bit numbers; a column of thresholds has two more than thresholds. */
export const maxSlots = 65_536;
