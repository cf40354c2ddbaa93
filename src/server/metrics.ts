import type { CustomerScore } from '../core/scoring/scorer.ts';
import type { DriftWindow } from './drift-window.ts';
import type { ServedModel } from './lineup.ts';

/** Seconds. A prediction takes well under a millisecond of work; what takes longer waited. */
const latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const scoreBounds = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);

/** What the API counts about itself, in Prometheus' text format 0.0.4. Labels come from closed lists only. */
export interface Metrics {
  /** One answered request; the route as declared, "none" where there is none. */
  countRequest(method: string, route: string, status: number, seconds: number): void;
  countPrediction(version: string, decision: string, propensity: number): void;
  countRefusedCustomers(count: number): void;
  countRateLimited(): void;
  /** Requests being answered now. */
  inProgress: number;
  /** What a shadow would have said of a customer, beside what was said. */
  countShadow(said: CustomerScore, shadow: CustomerScore | undefined): void;
  /** All of it as text. `models` are what answers now. */
  render(models: readonly ServedModel[], drift?: DriftWindow): string;
}

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const latencies = new Map<string, Histogram>();
  const predictions = new Map<string, number>();
  const scores = new Map<string, Histogram>();
  let refusedCustomers = 0;
  let rateLimited = 0;
  let shadowDifference = 0;
  const shadows = new Map<string, number>();
  return {
    inProgress: 0,
    countRequest(method, route, status, seconds) {
      add(requests, label('method', method, 'route', route, 'status', String(status)), 1);
      observe(latencies, label('route', route), latencyBounds, seconds);
    },
    countPrediction(version, decision, propensity) {
      add(predictions, label('model_version', version, 'decision', decision), 1);
      observe(scores, label('model_version', version), scoreBounds, propensity);
    },
    countRefusedCustomers(count) {
      refusedCustomers += count;
    },
    countShadow(said, shadow) {
      if (!shadow) return;
      add(shadows, label('band', said.risk_category === shadow.risk_category ? 'same' : 'other'), 1);
      shadowDifference += Math.abs(said.propensity_score - shadow.propensity_score);
    },
    countRateLimited() {
      rateLimited++;
    },
    render(models, drift) {
      const found = drift?.psi();
      return [
        family('propensity_http_requests_total', 'counter', 'Requests answered.', counters(requests)),
        family(
          'propensity_http_request_duration_seconds',
          'histogram',
          'Time from the request to the head of its answer.',
          histograms(latencies, latencyBounds),
        ),
        family('propensity_http_requests_in_progress', 'gauge', 'Requests being answered.', [['', this.inProgress]]),
        family('propensity_predictions_total', 'counter', 'Customers scored, by band.', counters(predictions)),
        family(
          'propensity_prediction_score',
          'histogram',
          'Propensity scores given, 0 to 1.',
          histograms(scores, scoreBounds),
        ),
        family('propensity_prediction_errors_total', 'counter', 'Customers that could not be scored.', [
          ['', refusedCustomers],
        ]),
        family('propensity_ratelimit_rejections_total', 'counter', 'Requests over the rate limit.', [
          ['', rateLimited],
        ]),
        family(
          'propensity_shadow_customers_total',
          'counter',
          'Customers a shadow scored too, by whether its band differs.',
          counters(shadows),
        ),
        family(
          'propensity_shadow_score_difference_total',
          'counter',
          "Sum of the sizes of the differences from the shadow's score.",
          [['', shadowDifference]],
        ),
        family(
          'propensity_model_info',
          'gauge',
          'The models that answer.',
          models.map(({ id, scorer }) => {
            const { modelVersion, kind } = scorer.bundle.manifest;
            return [label('model_name', id, 'model_version', modelVersion, 'algorithm', kind), 1];
          }),
        ),
        family(
          'propensity_model_share',
          'gauge',
          'Share of customers that a model answers, 0 to 1.',
          models.map(({ id, share }) => [label('model_name', id), share]),
        ),
        family(
          'propensity_model_loaded_timestamp_seconds',
          'gauge',
          'When the models that answer were loaded, in seconds since 1970.',
          models.flatMap(({ id, loadedAt }) => (loadedAt === undefined ? [] : [[label('model_name', id), loadedAt]])),
        ),
        family('propensity_drift_window_customers', 'gauge', 'Customers in the window that PSI is told of.', [
          ['', drift?.size ?? 0],
        ]),
        family(
          'propensity_score_psi',
          'gauge',
          'PSI of the scores of the last customers.',
          found ? [['', found.score]] : [],
        ),
        family(
          'propensity_feature_psi',
          'gauge',
          'PSI of a feature over the last customers.',
          [...(found?.features ?? [])].map(([feature, value]) => [label('feature', feature), value]),
        ),
      ].join('');
    },
  };
}

interface Histogram {
  /** Observations per bucket, the last one above every bound. */
  readonly counts: Float64Array;
  sum: number;
}

/** What stands after the family's name, and the value. */
type Sample = readonly [suffix: string, value: number];

function add(values: Map<string, number>, key: string, amount: number): void {
  values.set(key, (values.get(key) ?? 0) + amount);
}

function observe(all: Map<string, Histogram>, key: string, bounds: readonly number[], value: number): void {
  let histogram = all.get(key);
  if (!histogram) {
    histogram = { counts: new Float64Array(bounds.length + 1), sum: 0 };
    all.set(key, histogram);
  }
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
  histogram.counts[bucket] = (histogram.counts[bucket] as number) + 1;
  histogram.sum += value;
}

function counters(values: ReadonlyMap<string, number>): Sample[] {
  return [...values];
}

function histograms(all: ReadonlyMap<string, Histogram>, bounds: readonly number[]): Sample[] {
  return [...all].flatMap(([labels, { counts, sum }]): Sample[] => {
    let total = 0;
    const buckets = [...bounds.map(String), '+Inf'].map((le, i): Sample => {
      total += counts[i] as number;
      return [`_bucket${labels.slice(0, -1)},le="${le}"}`, total];
    });
    return [...buckets, [`_sum${labels}`, sum], [`_count${labels}`, total]];
  });
}

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([suffix, value]) => `${name}${suffix} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** Names and values in turn, as text. Kept once made: values come from closed lists, and a request counts four. */
function label(...parts: readonly string[]): string {
  const key = parts.join('\n');
  const known = labels.get(key);
  if (known !== undefined) return known;
  const quoted = parts.flatMap((name, i) => (i % 2 === 0 ? [`${name}="${escapeLabel(parts[i + 1] ?? '')}"`] : []));
  const text = `{${quoted.join(',')}}`;
  labels.set(key, text);
  return text;
}

const labels = new Map<string, string>();

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
