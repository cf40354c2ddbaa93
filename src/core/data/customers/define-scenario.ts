import type { Random } from '../../shared/random.ts';
import type { Driver, Scenario } from './scenario.ts';

/** A scenario from its parts; the log-odds are the drivers' strengths summed by how far a customer stands in each. */
export function defineScenario<C extends Record<string, number>>(
  parts: Omit<Scenario, 'draw' | 'drivers' | 'logOdds'> & {
    draw(random: Random): C;
    readonly drivers: readonly Driver<C>[];
  },
): Scenario {
  const { drivers } = parts;
  return {
    ...parts,
    logOdds(customer) {
      let sum = 0;
      for (const driver of drivers) sum += driver.strength * driver.of(customer as C);
      return sum;
    },
  };
}
