import { holmCorrection } from '../evaluation/delong.ts';
import { chanceOfPsi } from './chance.ts';
import type { DistributionPair } from './distribution-pair.ts';
import { psiLimits } from './psi.ts';

/** Chance that a report without any drift alarms at all. */
const falseAlarmRate = 0.01;

export interface NoiseVerdict {
  /** PSI has passed its band and exceeds chance. */
  readonly alarm: boolean;
  /** Holm-corrected chance of such a PSI without drift; NaN below the band, where it is not asked. */
  readonly chance: number;
}

/**
 * Which features alarm: PSI of at least 0.1 that chance would reach in at most 1 % of reports, Holm-corrected over all
 * features. Those below the band count as tests that found nothing, so that the correction stays safe.
 */
export function judgeNoise(
  pairs: readonly { readonly pair: DistributionPair; readonly psi: number }[],
): NoiseVerdict[] {
  // So many that a PSI which none of them reaches stays below the strictest limit, the rate / features.
  const shuffles = Math.ceil(pairs.length / falseAlarmRate);
  const asked = pairs.map(({ psi }) => psi >= psiLimits.moderate);
  const chances = pairs.map(({ pair }, i) => (asked[i] ? chanceOfPsi(pair, shuffles, i) : 1));
  return holmCorrection(chances).map((chance, i) =>
    asked[i] ? { alarm: chance <= falseAlarmRate, chance } : { alarm: false, chance: Number.NaN },
  );
}
