import type { AlertRule } from './rules.ts';

/** Where a rule stands. A rule that is not listed is inactive. */
export interface AlertState {
  readonly rule: string;
  readonly state: 'pending' | 'firing';
  /** Windows in a row in which it was breached. */
  readonly windows: number;
  /** The window in which that began. */
  readonly since: string;
}

/** What is told: once when an alert begins to fire and once when it is over, never twice for the same. */
export interface AlertEvent {
  readonly rule: string;
  readonly severity: AlertRule['severity'];
  readonly change: 'pending' | 'firing' | 'resolved';
  readonly window: string;
  readonly figure: string;
  readonly value: number;
  readonly limit: number;
  /** Counted, but no sink is told. */
  readonly silenced: boolean;
}

/**
 * The next states after a window with these figures: inactive → pending → firing → (resolved) inactive. A figure that the
 * window does not have leaves its rule where it is. States of rules that no longer exist are dropped.
 */
export function stepAlerts(
  rules: readonly AlertRule[],
  before: readonly AlertState[],
  figures: Readonly<Record<string, number>>,
  window: string,
): { readonly states: readonly AlertState[]; readonly events: readonly AlertEvent[] } {
  const states: AlertState[] = [];
  const events: AlertEvent[] = [];
  for (const rule of rules) {
    const last = before.find((each) => each.rule === rule.name);
    const value = figures[rule.figure] ?? Number.NaN;
    if (Number.isNaN(value)) {
      if (last) states.push(last);
      continue;
    }
    const event = (change: AlertEvent['change']): AlertEvent => ({
      rule: rule.name,
      severity: rule.severity,
      change,
      window,
      figure: rule.figure,
      value,
      limit: (rule.above ?? rule.below) as number,
      silenced: rule.silenced,
    });
    if (!isBreached(rule, value)) {
      if (last?.state === 'firing') events.push(event('resolved'));
      continue;
    }
    const windows = (last?.windows ?? 0) + 1;
    const state = windows >= rule.for ? 'firing' : 'pending';
    states.push({ rule: rule.name, state, windows, since: last?.since ?? window });
    if (state !== last?.state) events.push(event(state));
  }
  return { states, events };
}

function isBreached({ above, below }: AlertRule, value: number): boolean {
  return (above !== undefined && value > above) || (below !== undefined && value < below);
}
