import { StudioError } from '../shared/errors.ts';

/** What a conversion brings and a contact costs, in the study's currency. */
export interface Economics {
  readonly valuePerConversion: number;
  readonly costPerContact: number;
}

export function profitOf(
  { valuePerConversion, costPerContact }: Economics,
  conversions: number,
  contacts: number,
): number {
  return valuePerConversion * conversions - costPerContact * contacts;
}

/** Both must be finite and not negative, otherwise `request.invalid`. */
export function checkEconomics(economics: Economics): void {
  for (const [field, value] of Object.entries({
    valuePerConversion: economics.valuePerConversion,
    costPerContact: economics.costPerContact,
  })) {
    if (!Number.isFinite(value) || value < 0) {
      throw new StudioError('request.invalid', `${field} is ${value}, expected a number of at least 0.`, {
        where: { field },
      });
    }
  }
}
