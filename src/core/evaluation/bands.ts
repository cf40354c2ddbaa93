import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';

export type BandName = 'High' | 'Medium' | 'Low';

/** Lowest propensity score of High and of Medium. */
export interface BandCutoffs {
  readonly high: number;
  readonly medium: number;
}

export const defaultCutoffs: BandCutoffs = { high: 0.7, medium: 0.4 };

export function bandOf(propensity: number, cutoffs: BandCutoffs = defaultCutoffs): BandName {
  if (propensity >= cutoffs.high) return 'High';
  return propensity >= cutoffs.medium ? 'Medium' : 'Low';
}

export interface BandRow {
  readonly name: BandName;
  /** Share of customers. */
  readonly share: number;
  readonly customers: number;
  /** Observed conversion rate with its 95 % band (Jeffreys; Brown, Cai and DasGupta 2001). */
  readonly conversion: number;
  readonly low: number;
  readonly high: number;
  /** Share of all buyers who stand in this band. */
  readonly buyersHeld: number;
}

/** High, Medium and Low of labelled test customers. The conversion of an empty band is NaN within 0 to 1. */
export function bandTable(
  labels: Int8Array,
  propensity: Float64Array,
  cutoffs: BandCutoffs = defaultCutoffs,
): readonly BandRow[] {
  const customers = { High: 0, Medium: 0, Low: 0 };
  const buyers = { High: 0, Medium: 0, Low: 0 };
  for (let row = 0; row < labels.length; row++) {
    const band = bandOf(propensity[row] as number, cutoffs);
    customers[band]++;
    buyers[band] += labels[row] as number;
  }
  const allBuyers = buyers.High + buyers.Medium + buyers.Low;
  return (['High', 'Medium', 'Low'] as const).map((name) => ({
    name,
    share: customers[name] / labels.length,
    customers: customers[name],
    conversion: buyers[name] / customers[name],
    ...rateBand(buyers[name], customers[name]),
    buyersHeld: buyers[name] / allBuyers,
  }));
}

/** Jeffreys' 95 % band of a rate: none of none is 0 to 1. */
export function rateBand(successes: number, trials: number): { readonly low: number; readonly high: number } {
  const failures = trials - successes;
  return {
    low: successes === 0 ? 0 : betaQuantile(0.025, successes + 0.5, failures + 0.5),
    high: failures === 0 ? 1 : betaQuantile(0.975, successes + 0.5, failures + 0.5),
  };
}
