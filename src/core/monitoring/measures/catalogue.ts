import { chiSquare } from './chi-square.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import type { DriftMeasure } from './measure.ts';
import { missingShift } from './missing-shift.ts';
import { psiEvidently } from './psi-evidently.ts';
import { psiQuantile } from './psi-quantile.ts';
import { unseenShare } from './unseen-share.ts';
import { wasserstein } from './wasserstein.ts';

/** Every drift measure, in the order of the table; PSI, which decides, first. */
export const driftMeasures: readonly DriftMeasure[] = [
  psiQuantile,
  kolmogorovSmirnov,
  wasserstein,
  jensenShannon,
  hellinger,
  chiSquare,
  psiEvidently,
  missingShift,
  unseenShare,
];
