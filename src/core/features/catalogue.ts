import type { FeatureEntry } from './feature-entry.ts';
import { banking } from './families/banking.ts';
import { behaviour } from './families/behaviour.ts';
import { bins } from './families/bins.ts';
import { campaigns } from './families/campaigns.ts';
import { engagement } from './families/engagement.ts';
import { interactions } from './families/interactions.ts';
import { rfm } from './families/rfm.ts';
import { saas } from './families/saas.ts';

/** Every feature with a name of its own, in the order they are made: later ones may refer to earlier ones. */
export const featureEntries: readonly FeatureEntry[] = [
  ...rfm,
  ...engagement,
  ...behaviour,
  ...interactions,
  ...saas,
  ...banking,
  ...campaigns,
  ...bins,
];
