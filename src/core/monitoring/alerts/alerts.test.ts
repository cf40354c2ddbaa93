import { expect, test } from 'vitest';
import { readAlertRules, writeAlertRules } from '../../../adapters/any/yaml-rules.ts';
import { watchedFigures } from './figures.ts';
import { prometheusGauges, prometheusRules } from './prometheus.ts';
import { type AlertRule, defaultAlertRules } from './rules.ts';
import { type AlertState, stepAlerts } from './step.ts';

const drift: AlertRule = {
  name: 'Score drifted',
  figure: 'score_psi',
  above: 0.2,
  for: 2,
  severity: 'critical',
  silenced: false,
};

function play(rules: readonly AlertRule[], values: readonly number[]) {
  let states: readonly AlertState[] = [];
  return values.map((value, i) => {
    const stepped = stepAlerts(rules, states, { score_psi: value }, `week ${i}`);
    states = stepped.states;
    return { told: stepped.events.map(({ change }) => change).join(), state: states[0]?.state ?? 'inactive' };
  });
}

test('an alert waits, fires once, goes on without being told again, and is resolved', () => {
  expect(play([drift], [0.1, 0.3, 0.3, 0.3, 0.1, 0.3, 0.1])).toEqual([
    { told: '', state: 'inactive' },
    { told: 'pending', state: 'pending' },
    { told: 'firing', state: 'firing' },
    { told: '', state: 'firing' },
    { told: 'resolved', state: 'inactive' },
    { told: 'pending', state: 'pending' },
    { told: '', state: 'inactive' },
  ]);
});

test('a window that does not have the figure changes nothing', () => {
  expect(play([drift], [0.3, Number.NaN, 0.3, Number.NaN, 0.1]).map(({ state }) => state)).toEqual([
    'pending',
    'pending',
    'firing',
    'firing',
    'inactive',
  ]);
});

test('a silenced alert is kept count of and marked so; a limit from below works; removed rules are forgotten', () => {
  const silenced = stepAlerts([{ ...drift, for: 1, silenced: true }], [], { score_psi: 1 }, 'now');
  expect(silenced.events[0]).toMatchObject({ change: 'firing', silenced: true, value: 1, limit: 0.2 });
  const { above: _, ...rest } = drift;
  expect(stepAlerts([{ ...rest, below: 0.7, for: 1 }], [], { score_psi: 0.6 }, 'now').states[0]?.state).toBe('firing');
  expect(stepAlerts([], silenced.states, { score_psi: 1 }, 'then').states).toEqual([]);
});

test('rules are written and read back, and what does not fit is told with its line', () => {
  expect(readAlertRules(writeAlertRules(defaultAlertRules))).toEqual(defaultAlertRules);
  expect(readAlertRules('rules: []\n')).toEqual([]);
  const rule = 'rules:\n  - name: a\n    figure: score_psi\n    above: 0.2\n';
  for (const [text, line, words] of [
    [`${rule}    for: 0\n`, 5, 'whole number'],
    [`${rule}    colour: red\n`, 5, 'colour'],
    [`${rule}    below: 0.1\n`, 4, 'either'],
    [`${rule}  - name: a\n    figure: auc\n    below: 0.7\n`, 5, 'Two rules'],
    ['rules:\n  - name: a\n    figure: nonsense\n    above: 1\n', 3, 'nonsense'],
    ['rules:\n  - name: a\n    figure: auc\n    above: high\n', 4, 'expected a number'],
    ['rule: []\n', 1, 'only "rules:"'],
  ] as const) {
    expect(() => readAlertRules(text)).toThrow(new RegExp(`^Line ${line}: .*${words}`));
  }
});

test('Prometheus is told the same figures and the same limits', () => {
  const gauges = prometheusGauges({ score_psi: 0.25, auc: Number.NaN }, 'boosting-"1"');
  expect(gauges).toBe(
    '# HELP propensity_monitoring_score_psi PSI of the propensity score\n# TYPE propensity_monitoring_score_psi gauge\npropensity_monitoring_score_psi{model="boosting-\\"1\\""} 0.25\n',
  );
  const rules = prometheusRules([drift, { ...drift, name: 'quiet', silenced: true }], 604_800);
  expect(rules).toContain('expr: propensity_monitoring_score_psi > 0.2\n        for: 604800s');
  expect(rules).not.toContain('quiet');
  expect(new Set(watchedFigures.map(({ name }) => name)).size).toBe(watchedFigures.length);
});
