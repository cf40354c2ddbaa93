interface Odds {
  readonly name: string;
  readonly oddsRatio: number;
  readonly oddsLow: number;
  readonly oddsHigh: number;
  readonly unit?: number;
  readonly reference?: string;
}

/** An odds ratio as a sentence, with its interval, and whether it could as well be none. */
export function oddsInWords({ name, oddsRatio, oddsLow, oddsHigh, unit, reference }: Odds): string {
  if (name === 'intercept') {
    return `With all numbers at their mean and all categories at their reference, the odds are ${figure(oddsRatio)} to 1.`;
  }
  const range = `95 % interval ${figure(oddsLow)} to ${figure(oddsHigh)}`;
  const doubt = oddsLow <= 1 && oddsHigh >= 1 ? '; it could as well make no difference' : '';
  if (reference !== undefined) {
    return `${name} has ${figure(oddsRatio)} times the odds of ${reference} (${range})${doubt}.`;
  }
  const change =
    unit === undefined ? `Where ${name}, the odds are` : `Each ${figure(unit)} more of ${name} multiplies the odds by`;
  const times = unit === undefined ? `${figure(oddsRatio)} times as high` : figure(oddsRatio);
  return `${change} ${times} (${range})${doubt}.`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
