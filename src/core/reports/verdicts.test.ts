import { expect, test } from 'vitest';
import {
  dataVerdict,
  decisionVerdict,
  driftVerdict,
  evaluationVerdict,
  featuresVerdict,
  scoreVerdict,
  trainingVerdict,
} from './verdicts.ts';

const banded = (value: number, low: number, high: number) => ({ value, low, high });

const models = [
  ['boosting', 'Gradient boosting', 0.874],
  ['neural', 'Neural network', 0.853],
].map(([kind, label, auc]) => ({
  kind: kind as string,
  label: label as string,
  metrics: {
    auc: banded(auc as number, (auc as number) - 0.013, (auc as number) + 0.013),
    lift10: banded(5.2, 4.8, 5.6),
    capture10: banded(0.52, 0.48, 0.56),
  },
}));

test('the data verdict gives the rate with its band and warns of few conversions', () => {
  const rich = dataVerdict({
    rowCount: 50_000,
    label: { positives: 2500, negatives: 47_500, unknown: 0 },
    oracleAuc: 0.93,
  });
  expect(rich).toBe(
    '5 % of 50,000 customers converted (4.8 % to 5.2 % if they are a sample). No model can rank them better than AUC 0.930.',
  );
  expect(dataVerdict({ rowCount: 900, label: { positives: 50, negatives: 850, unknown: 0 } })).toContain(
    'Only 50 conversions',
  );
  expect(dataVerdict({ rowCount: 9, label: { positives: 0, negatives: 9, unknown: 0 } })).toContain('nothing to learn');
  expect(dataVerdict({ rowCount: 9 })).toContain('Choose the column');
});

test('the evaluation verdict names a lead only where the test shows one', () => {
  const verdictOf = (verdict: 'yes' | 'no' | 'not enough data', better = 'boosting', other = 'neural') =>
    evaluationVerdict({
      best: 'boosting',
      models,
      comparisons: [{ better, other, aucDifference: 0.021, verdict }],
      testConversions: 60,
    });
  expect(verdictOf('yes')).toContain(
    'AUC 0.874 (0.861–0.887) on test customers, ahead of neural network by 0.021: the 10 %',
  );
  expect(verdictOf('no')).toContain('level with neural network');
  expect(verdictOf('yes', 'neural', 'boosting')).toContain('behind neural network');
  expect(verdictOf('not enough data')).toContain('60 test conversions are too few');
});

test('the decision verdict warns when the band of the profit reaches below zero', () => {
  const summary = {
    contacts: banded(500, 450, 550),
    conversions: banded(60, 40, 80),
    reach: banded(0.4, 0.3, 0.5),
    currency: 'EUR',
  };
  expect(decisionVerdict({ ...summary, profit: banded(900, 400, 1400) })).toBe(
    'Contact 500 customers: expect 60 (40–80) conversions and a profit of EUR 900 (400–1,400), reaching 40 % of all buyers (30 % to 50 %).',
  );
  expect(decisionVerdict({ ...summary, profit: banded(100, -300, 500) })).toContain('may lose money');
  expect(decisionVerdict({ ...summary, profit: banded(-500, -900, -100) })).toContain('That loses money');
  expect(decisionVerdict({ ...summary, contacts: banded(0, 0, 0), profit: banded(0, 0, 0) })).toContain('Nobody');
});

test('the drift verdict names what moved beyond chance, and what only seems to have', () => {
  const moved = { feature: 'email_open_rate', psi: 0.31, band: 'significant', alarm: true } as const;
  const still = { feature: 'age', psi: 0.01, band: 'stable', alarm: false } as const;
  const noisy = { feature: 'city', psi: 0.24, band: 'significant', alarm: false } as const;
  const score = { ...still, feature: 'score', psi: 0.05 };
  expect(driftVerdict({ rowCount: 5000, features: [still, moved], score: { ...moved, psi: 0.25 } })).toBe(
    '1 of 2 features moved beyond chance: email open rate (significant, PSI 0.310); the score itself has moved significantly (PSI 0.250). Check how these columns are made; if the customers truly changed, train again.',
  );
  expect(driftVerdict({ rowCount: 500, features: [still, noisy], score })).toBe(
    'These customers look like those the model learned from; the score itself has not moved (PSI 0.0500). 1 feature with a PSI of 0.1 or more moved no further than chance allows with 500 customers.',
  );
  const watched = driftVerdict({ rowCount: 500, features: [{ ...moved, band: 'moderate', psi: 0.15 }], score: noisy });
  expect(watched).toContain('the score itself has moved no more than chance allows (PSI 0.240)');
  expect(watched).toMatch(/Keep watching\.$/);
  expect(driftVerdict({ rowCount: 500, features: [still], score: { ...moved, psi: 0.4 } })).toMatch(
    /^No feature alone has moved; the score itself has moved significantly/,
  );
});

test('no verdict prints a number that is none', () => {
  const sentences = [
    trainingVerdict([]),
    trainingVerdict([{ label: 'Gradient boosting', validationAuc: 0.87, trainSeconds: 1.5 }]),
    featuresVerdict({ features: [], rows: { train: 0 } }),
    scoreVerdict({ rowCount: 0, bands: [], expectedConversions: 0 }),
    scoreVerdict({ rowCount: 10, bands: [], expectedConversions: 0.4 }),
    evaluationVerdict({ best: 'none', models: [], comparisons: [], testConversions: 0 }),
  ];
  for (const sentence of sentences) {
    expect(sentence).not.toMatch(/NaN|undefined|Infinity/);
    expect(sentence).toMatch(/\.$/);
  }
});
