import type { Parameters } from '../../src/core/models/parameters.ts';

/** table.json of a folder that bench/peers/boosting.py made. */
export interface TableFacts {
  readonly rows: number;
  /** The first rows train, the others test. */
  readonly train: number;
  /** Per column: 0 for a number, otherwise how many categories it has. */
  readonly levels: readonly number[];
}

/** One training, as either side tells it. Seconds count from raw float64 columns; `binning` is the part before trees. */
export interface TrainingFigures {
  readonly binning: number;
  readonly total: number;
  /** Resident, of the process at its peak; and what training added to what was resident before. */
  readonly peakMb: number;
  readonly grownMb: number;
  readonly auc: number;
  readonly trees: number;
}

/** One LightGBM model scored here, on one thread. Rates are of processor time. */
export interface PredictFigures {
  readonly rowsPerSecond: number;
  readonly binnedRowsPerSecond: number;
  /** Without the kernel. */
  readonly twinRowsPerSecond: number;
  /** For one row alone, warm. */
  readonly rowMicroseconds: number;
  /** Whether every score is LightGBM's, bit for bit. */
  readonly isExact: boolean;
}

/** The peer's parameters, by name; both sides grow every tree. */
export function boostingJob(leaves: number, rounds: number): Parameters {
  return {
    num_leaves: leaves,
    n_estimators: rounds,
    learning_rate: 0.05,
    min_data_in_leaf: 50,
    is_unbalance: true,
    boost_from_average: true,
    early_stopping_round: 0,
  };
}
