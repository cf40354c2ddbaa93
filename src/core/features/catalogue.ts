import type { FeatureEntry } from './feature-entry.ts';
import { behaviour } from './families/behaviour.ts';
import { bins } from './families/bins.ts';
import { engagement } from './families/engagement.ts';
import { interactions } from './families/interactions.ts';
import { rfm } from './families/rfm.ts';

/** Every feature with a name of its own, in the order they are made: later ones may refer to earlier ones. */
export const featureEntries: readonly FeatureEntry[] = [...rfm, ...engagement, ...behaviour, ...interactions, ...bins];
