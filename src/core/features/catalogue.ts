import type { FeatureEntry } from './feature-entry.ts';

/** Every feature with a name of its own, in the order they are made: later ones may refer to earlier ones. */
export const featureEntries: readonly FeatureEntry[] = [];
