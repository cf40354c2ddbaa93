import {
  type BandCutoffs,
  type BandName,
  bandOf as bandNameOf,
  defaultCutoffs as defaultBandCutoffs,
} from '../evaluation/bands.ts';

/** Where the bands of the propensity score begin, and the score from which the study contacts customers. */
export interface Cutoffs extends BandCutoffs {
  readonly cut: number;
}

export const defaultCutoffs: Cutoffs = { ...defaultBandCutoffs, cut: defaultBandCutoffs.high };

/** The bands, in the order of their codes. */
export const bandNames = ['Low', 'Medium', 'High'] as const satisfies readonly BandName[];

/** Code of a propensity score's band: 0 Low, 1 Medium, 2 High. */
export function bandOf(propensity: number, cutoffs: BandCutoffs): 0 | 1 | 2 {
  return bandNames.indexOf(bandNameOf(propensity, cutoffs)) as 0 | 1 | 2;
}
