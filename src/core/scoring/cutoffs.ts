/** Where the bands of the propensity score begin, and the score from which the study contacts customers. */
export interface Cutoffs {
  /** High from here, inclusive. */
  readonly high: number;
  /** Medium from here, inclusive; Low below. */
  readonly medium: number;
  readonly cut: number;
}

export const defaultCutoffs: Cutoffs = { high: 0.7, medium: 0.4, cut: 0.7 };

/** The bands, in the order of their codes. */
export const bandNames = ['Low', 'Medium', 'High'] as const;
export type BandName = (typeof bandNames)[number];

/** Code of a propensity score's band: 0 Low, 1 Medium, 2 High. */
export function bandOf(propensity: number, cutoffs: Cutoffs): 0 | 1 | 2 {
  return propensity >= cutoffs.high ? 2 : propensity >= cutoffs.medium ? 1 : 0;
}
