import type { MetricVerdict } from './performance/judge.ts';
import type { StructureDrift } from './reconstruction.ts';
import type { FeatureDrift, WindowComparison } from './window.ts';

/** `act`: retrain or mend. `watch`: something moved, or nobody knows yet. `healthy`: outcomes say so. */
export type Health = 'healthy' | 'watch' | 'act';

/** What the verdict rests on, weightiest first; words are made of it elsewhere. */
export interface Verdict {
  readonly health: Health;
  readonly dropped: readonly MetricVerdict[];
  readonly scoreMoved: boolean;
  readonly significant: readonly string[];
  readonly moderate: readonly string[];
  readonly structureMoved: boolean;
  /** What outcomes say: nothing known, too few or too early, no drop. */
  readonly outcomes: 'unknown' | 'immature' | 'few' | 'hold' | 'dropped';
}

/** Beyond so many standard errors the features hang together otherwise. */
export const structureLimit = 3;

/**
 * Acts on a drop of performance, or on significant drift that no outcomes speak against. Outcomes that hold make drift a
 * thing to watch. Without enough of them the verdict is never "healthy": estimates cannot see customers who come to behave otherwise.
 */
export function judgeHealth({
  drift,
  structure,
  performance,
  immature,
}: {
  readonly drift: WindowComparison;
  readonly structure?: StructureDrift;
  readonly performance?: { readonly verdicts: readonly MetricVerdict[]; readonly short?: string };
  readonly immature?: string;
}): Verdict {
  const alarming = (band: string) => (each: FeatureDrift) => each.alarm && each.band === band;
  const names = (band: string) => drift.features.filter(alarming(band)).map(({ feature }) => feature);
  const verdicts = performance?.verdicts ?? [];
  const dropped = immature === undefined ? verdicts.filter(({ state }) => state === 'alert') : [];
  const outcomes =
    verdicts.length === 0
      ? 'unknown'
      : immature !== undefined
        ? 'immature'
        : dropped.length > 0
          ? 'dropped'
          : performance?.short === undefined
            ? 'hold'
            : 'few';
  const significant = names('significant');
  const moderate = names('moderate');
  const scoreMoved = drift.score.alarm;
  const structureMoved = structure !== undefined && Math.abs(structure.z) > structureLimit;
  const far = significant.length > 0 || alarming('significant')(drift.score);
  const moved = far || scoreMoved || moderate.length > 0 || structureMoved;
  const health: Health =
    dropped.length > 0 || (far && outcomes !== 'hold') ? 'act' : moved || outcomes !== 'hold' ? 'watch' : 'healthy';
  return { health, dropped, scoreMoved, significant, moderate, structureMoved, outcomes };
}
