import { log } from '../../shared/exact-math.ts';
import { binnedCounts } from '../distribution-pair.ts';
import { sharesOf } from '../psi.ts';
import type { DriftMeasure } from './measure.ts';

/**
 * Jensen–Shannon distance, the root of the divergence in nats: 0 to 0.833 (√ln 2). Of the same shares it equals scipy's
 * `jensenshannon`, so Evidently's. The bins are PSI's here, and missing is one of them; Evidently cuts both windows
 * together by Sturges' rule and drops missing, NannyML takes base 2 (divide by √ln 2).
 */
export const jensenShannon: DriftMeasure = {
  id: 'jensen_shannon',
  label: 'Jensen–Shannon',
  help: 'Jensen–Shannon distance over the bins of PSI, 0 to 0.83.',
  of: (pair) => {
    const { reference, current } = binnedCounts(pair);
    const before = sharesOf(reference);
    const now = sharesOf(current);
    let sum = 0;
    before.forEach((p, bin) => {
      const q = now[bin] as number;
      const middle = (p + q) / 2;
      if (p > 0) sum += p * log(p / middle);
      if (q > 0) sum += q * log(q / middle);
    });
    return Math.sqrt(Math.max(0, sum / 2));
  },
};
