import { StudioError } from '../../shared/errors.ts';
import type { Scenario } from './scenario.ts';
import { bankLoan } from './scenarios/bank-loan.ts';
import { campaignResponse } from './scenarios/campaign-response.ts';
import { ecommerce } from './scenarios/ecommerce.ts';
import { saasUpgrade } from './scenarios/saas-upgrade.ts';

/** Every scenario with sample customers; the first is the default. */
export const scenarioCatalogue: readonly Scenario[] = [ecommerce, saasUpgrade, bankLoan, campaignResponse];

/** The scenario of this id, or `parameters.invalid` naming those there are. */
export function findScenario(id: string): Scenario {
  const scenario = scenarioCatalogue.find((each) => each.id === id);
  if (scenario) return scenario;
  throw new StudioError('parameters.invalid', `There is no scenario "${id}".`, {
    where: { field: 'scenario' },
    fix: `Choose one of: ${scenarioCatalogue.map((each) => each.id).join(', ')}.`,
  });
}
