import { atCount, type ContactPool, type Cut, eligibleOrder } from './cut.ts';
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
  const order = eligibleOrder(pool);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const cut = atCount(Math.round((step / steps) * order.length), order, pool);
    return { cut, share: step / steps, ...expectationOf(test, cut, economics, seed) };
  });
}
