import type { AlertEvent } from './alerts/step.ts';
import { figuresOf } from './alerts/figures.ts';
import type { WindowAssessment } from './assess.ts';
import type { Health } from './verdict.ts';

/** What is kept of a window for the timeline: some kilobytes, no customers. */
export interface WindowRecord {
  readonly name: string;
  readonly health: Health;
  /** By name of a watched figure; those that the window does not have are left out. */
  readonly figures: Readonly<Record<string, number>>;
  /** PSI of each feature, and whether it exceeds chance. */
  readonly features: readonly { readonly feature: string; readonly psi: number; readonly alarm: boolean }[];
  readonly events: readonly AlertEvent[];
}

export function recordOf(window: WindowAssessment, events: readonly AlertEvent[]): WindowRecord {
  return {
    name: window.name,
    health: window.verdict.health,
    figures: Object.fromEntries(Object.entries(figuresOf(window)).filter(([, value]) => Number.isFinite(value))),
    features: window.drift.features.map(({ feature, psi, alarm }) => ({ feature, psi, alarm })),
    events,
  };
}
