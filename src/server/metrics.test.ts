import { expect, test } from 'vitest';
import { createScorer } from '../core/scoring/scorer.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createApi } from './api.ts';
import { createMetrics } from './metrics.ts';

const scorer = createScorer(tinyBundle('boosting'));
const customer = JSON.stringify({ id: 'secret-id', age: 35, visits: 12, region: 'south' });
const get = (path: string, init?: RequestInit): Request => new Request(`http://localhost${path}`, init);
const post = (path: string, body: string): Request =>
  get(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });

/** Every sample by its name with labels, held to the grammar of the text format. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const families = new Set<string>();
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, name] = /^# (HELP|TYPE) (propensity_[a-z_]+) \S/.exec(line) ?? [];
    if (kind === 'TYPE') {
      expect(families.has(name!), `${name} is declared twice`).toBe(false);
      families.add(name!);
    }
    if (kind) continue;
    const sample = /^(propensity_[a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+\})? (\S+)$/.exec(line);
    expect(sample, line).not.toBeNull();
    expect(families.has(sample![1]!.replace(/_(?:bucket|sum|count)$/, '')) || families.has(sample![1]!)).toBe(true);
    expect(samples.has(`${sample![1]}${sample![2] ?? ''}`), line).toBe(false);
    samples.set(`${sample![1]}${sample![2] ?? ''}`, Number(sample![3]));
  }
  return samples;
}

test('requests, predictions and scores are counted, under bounded labels and without customer values', async () => {
  const api = createApi({
    lineup: () => ({ models: [{ id: 'default', scorer, share: 1, loadedAt: 1_700_000_000 }] }),
  });
  for (let i = 0; i < 3; i++) await api.fetch(post('/predict', customer));
  await api.fetch(post('/predict', '{"age":"x"}'));
  await api.fetch(post('/predict/batch', `[${customer},${customer}]`));
  for (const path of ['/secret', '/secret/2', '/wp-admin.php']) await api.fetch(get(path));
  await api.fetch(get('/predict', { method: 'PURGE' }));
  const response = await api.fetch(get('/metrics'));
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).not.toContain('secret');
  const samples = parse(text);
  const version = scorer.bundle.manifest.modelVersion;
  const [first] = scorer.scoreCustomers([JSON.parse(customer)]).results;
  expect(Object.fromEntries(samples)).toMatchObject({
    'propensity_http_requests_total{method="POST",route="/predict",status="200"}': 3,
    'propensity_http_requests_total{method="POST",route="/predict",status="422"}': 1,
    'propensity_http_requests_total{method="POST",route="/predict/batch",status="200"}': 1,
    'propensity_http_requests_total{method="GET",route="none",status="404"}': 3,
    'propensity_http_requests_total{method="other",route="/predict",status="405"}': 1,
    [`propensity_predictions_total{model_version="${version}",decision="${first!.risk_category}"}`]: 5,
    [`propensity_prediction_score_bucket{model_version="${version}",le="+Inf"}`]: 5,
    [`propensity_prediction_score_count{model_version="${version}"}`]: 5,
    [`propensity_model_info{model_name="default",model_version="${version}",algorithm="boosting"}`]: 1,
    propensity_prediction_errors_total: 1,
    'propensity_model_loaded_timestamp_seconds{model_name="default"}': 1_700_000_000,
    propensity_http_requests_in_progress: 1,
  });
  expect(samples.get(`propensity_prediction_score_sum{model_version="${version}"}`)).toBeCloseTo(
    5 * first!.propensity_score,
    12,
  );
});

test('buckets are cumulative, and an observation on a bound lies below it', () => {
  const metrics = createMetrics();
  for (const seconds of [0.001, 0.0011, 0.3, 99]) metrics.countRequest('GET', '/health', 200, seconds);
  const samples = parse(metrics.render([]));
  const bucket = (le: string) =>
    samples.get(`propensity_http_request_duration_seconds_bucket{route="/health",le="${le}"}`);
  expect([bucket('0.001'), bucket('0.0025'), bucket('0.25'), bucket('0.5'), bucket('2.5'), bucket('+Inf')]).toEqual([
    1, 2, 2, 3, 3, 4,
  ]);
});

test('what a label holds cannot break out of its line', () => {
  const metrics = createMetrics();
  const text = metrics.render([{ id: 'a"} 1\nevil 2\\', scorer, share: 1 }]);
  expect(text).not.toMatch(/^evil/m);
  parse(text);
});
