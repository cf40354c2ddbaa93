import { binnedCounts } from '../distribution-pair.ts';
import { sharesOf } from '../psi.ts';
import type { DriftMeasure } from './measure.ts';

/** Share of current customers in a level that no reference customer had, 0 to 1. NannyML's unseen-values rate. */
export const unseenShare: DriftMeasure = {
  id: 'unseen_share',
  label: 'Unseen',
  help: 'Share of current customers with a category that the reference never had. Categories only.',
  of: (pair) => (pair.kind === 'category' ? (sharesOf(binnedCounts(pair).current).at(-2) as number) : Number.NaN),
};
