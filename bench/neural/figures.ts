/** What both sides tell of some epochs over the training rows, in order, and of scoring those rows. */
export interface EpochFigures {
  readonly epochSeconds: readonly number[];
  readonly scoredPerSecond: number;
}

/** Ours also scores from the columns of a frame, encoding included. */
export interface OurEpochFigures extends EpochFigures {
  readonly framePerSecond: number;
}

/** A training from raw columns until early stopping. */
export interface FitFigures {
  readonly seconds: number;
  /** On validation rows, of the best epoch. */
  readonly auc: number;
  readonly epochs: number;
}
