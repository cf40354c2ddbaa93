/** What both sides tell of one fit from raw columns, scaling included. */
export interface LogisticFigures {
  readonly seconds: number;
  /** Largest component of the gradient of the mean loss with its penalty, over raw sums anew. */
  readonly slope: number;
  readonly steps: number;
}

/** The peer also tells how much of its time went into scaling, and what its default solver and tolerance do. */
export interface PeerLogisticFigures extends LogisticFigures {
  readonly solver: string;
  readonly scalingSeconds: number;
  readonly lbfgsDefault: LogisticFigures;
}
