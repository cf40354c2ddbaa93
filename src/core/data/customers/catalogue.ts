import { StudioError } from '../../shared/errors.ts';
import type { Scenario } from './scenario.ts';
import { ecommerce } from './scenarios/ecommerce.ts';

/** Every scenario with sample customers; the first is the default. */
export const scenarioCatalogue: readonly Scenario[] = [ecommerce];

/** The scenario of this id, or `parameters.invalid` naming those there are. */
export function findScenario(id: string): Scenario {
  const scenario = scenarioCatalogue.find((each) => each.id === id);
  if (scenario) return scenario;
  throw new StudioError('parameters.invalid', `There is no scenario "${id}".`, {
    where: { field: 'scenario' },
    fix: `Choose one of: ${scenarioCatalogue.map((each) => each.id).join(', ')}.`,
  });
}
