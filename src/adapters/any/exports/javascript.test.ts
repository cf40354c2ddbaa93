import { expect, test } from 'vitest';
import { certify, makeSampleRows } from '../../../core/scoring/exports/certificate.ts';
import { createScorer } from '../../../core/scoring/scorer.ts';
import { tinyBundle } from '../../../testing/golden/bundle-fixture.ts';
import { javascriptModule } from './javascript.ts';

test.each(['boosting', 'logistic'] as const)(
  '%s: the written module scores 1,000 edge rows as the studio does',
  async (kind) => {
    const scorer = createScorer(tinyBundle(kind));
    const sample = makeSampleRows(scorer);
    const module = (await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(javascriptModule(scorer.bundle))}`
    )) as { score: (customer: object) => { propensity_score: number; conversion_probability: number } };
    const scores = sample.records.map((record) => module.score(record));
    const certificate = certify(scorer, 'JavaScript', sample, {
      propensity: scores.map((score) => score.propensity_score),
      probability: scores.map((score) => score.conversion_probability),
    });
    expect(certificate.rows).toBe(1000);
    expect(certificate.worstPropensityDifference).toBeLessThan(1e-12);
    expect(certificate.worstProbabilityDifference).toBeLessThan(1e-12);
    expect(certificate.rowsChangingSideAtTheCut).toBe(0);
  },
);

test('a network says what to export instead', () => {
  expect(() => javascriptModule(tinyBundle('neural'))).toThrow(/not written as a JavaScript function/);
});
