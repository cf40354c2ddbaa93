import { expect, test } from 'vitest';
import { snapshotDay, tinyBundle, tinyCustomers, tinyRecipe } from '../../testing/golden/bundle-fixture.ts';
import { type Calibrator, calibrateOne } from '../evaluation/calibration/calibrator.ts';
import { applyRecipeNow } from '../features/apply.ts';
import { modelKinds } from '../models/model.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { type Explanation, explainRow } from './explain.ts';
import { explanationUnits, inUnit } from './units.ts';

const features = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(60, 6), asOf: snapshotDay });
const background = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(40, 7), asOf: snapshotDay });

const calibrators: readonly Calibrator[] = [
  { kind: 'platt', slope: 0.8, intercept: -2.9 },
  { kind: 'beta', a: 0.7, b: 1.4, c: -2 },
  { kind: 'isotonic', raw: [-1, -0.2, 0.4, 1.1], logOdds: [-5, -3, -2.99, 0.5], tailSlope: 0.3 },
];

test.each(modelKinds)('%s: base plus attributions is the number shown, in every unit, to 1e-9', (kind) => {
  const { model } = tinyBundle(kind);
  for (const calibrator of calibrators) {
    for (let row = 0; row < 20; row++) {
      const explanation = explainRow(model, features, row, background);
      const shown = {
        'log-odds': explanation.rawScore + 0.3,
        propensity: sigmoid(explanation.rawScore + 0.3),
        probability: calibrateOne(calibrator, explanation.rawScore),
      };
      for (const unit of explanationUnits) {
        const { base, attributions, value, residual } = inUnit(explanation, unit, { centre: 0.3, calibrator });
        expect(value).toBe(shown[unit]);
        const sum = attributions.reduce((total, each) => total + each, base);
        expect(Math.abs(sum - value)).toBeLessThanOrEqual(1e-9);
        expect(residual).toBe(Math.abs(sum - value));
      }
    }
  }
});

const explanation = (attributions: readonly number[], baseValue = 0.25): Explanation => ({
  baseValue,
  rawScore: attributions.reduce((sum, each) => sum + each, baseValue),
  residual: 0,
  attributions: attributions.map((attribution, i) => ({ feature: `x${i}`, attribution })),
});

test('every attribution is stretched alike: shares of the way and their signs stay', () => {
  const calibrator = calibrators[0] as Calibrator;
  const parts = [0.9, -0.4, 0.1];
  const { base, attributions, value } = inUnit(explanation(parts), 'probability', { centre: 0, calibrator });
  expect(base).toBe(calibrateOne(calibrator, 0.25));
  parts.forEach((part, i) => {
    expect(attributions[i]! / (value - base)).toBeCloseTo(part / 0.6, 12);
    expect(Math.sign(attributions[i]!)).toBe(Math.sign(part));
  });
});

test('log-odds are the attributions themselves, moved by the centre only at the base', () => {
  const calibrator = calibrators[0] as Calibrator;
  const told = inUnit(explanation([0.9, -0.4]), 'log-odds', { centre: -2, calibrator });
  expect(told.attributions).toEqual([0.9, -0.4]);
  expect(told.base).toBe(0.25 - 2);
});

test('a score that is the base score is explained by nothing, however large its parts', () => {
  const calibrator = calibrators[0] as Calibrator;
  for (const unit of explanationUnits) {
    const told = inUnit(explanation([3, -3]), unit, { centre: 0, calibrator });
    expect(told.attributions.map(Math.abs)).toEqual([0, 0]);
    expect(told.value).toBe(told.base);
  }
});
