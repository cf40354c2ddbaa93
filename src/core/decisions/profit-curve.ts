import type { Cut } from './cut.ts';
import { chooseCut, type ContactPool } from './cut.ts';
import type { Economics } from './economics.ts';
import { type Expectation, expectationOf, type TestCustomers } from './expectation.ts';

export interface ProfitPoint extends Expectation {
  readonly cut: Cut;
  /** Share of the eligible list contacted. */
  readonly share: number;
}

const steps = 50;

/** The expectation at every fiftieth of the list, from nobody to everyone. */
export function profitCurve(
  pool: ContactPool,
  test: TestCustomers,
  economics: Economics,
  seed: number,
): readonly ProfitPoint[] {
  return Array.from({ length: steps + 1 }, (_, step) => {
    const cut = chooseCut({ by: 'top-share', share: step / steps }, pool, economics, 0);
    return { cut, share: step / steps, ...expectationOf(test, cut, economics, seed) };
  });
}
