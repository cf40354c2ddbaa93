import {
  add,
  all,
  column,
  compare,
  daysBefore,
  feature,
  firstOf,
  isMissing,
  log1p,
  multiply,
  orElse,
  reverseScore,
  score,
} from '../build.ts';
import type { FeatureEntry } from '../feature-entry.ts';

const family = 'RFM';
const atLeast = (name: string, value: number) => compare(feature(name), '>=', value);
const atMost = (name: string, value: number) => compare(feature(name), '<=', value);

/** Recency, frequency and monetary value, their scores from 1 to 5, and the segment (A. M. Hughes, Strategic Database Marketing). */
export const rfm: readonly FeatureEntry[] = [
  {
    name: 'recency_days',
    description: 'Days since the last purchase',
    family,
    unit: 'days',
    expression: daysBefore('last_purchase_date'),
  },
  {
    name: 'frequency',
    description: 'Purchases so far',
    family,
    unit: 'purchases',
    expression: column('total_purchases'),
  },
  {
    name: 'monetary',
    description: 'Money spent so far',
    family,
    unit: 'EUR',
    expression: multiply(column('total_purchases'), orElse(column('avg_order_value'), 0)),
  },
  {
    name: 'log_monetary',
    description: 'Money spent so far, on a logarithmic scale',
    family,
    unit: 'log EUR',
    expression: log1p(feature('monetary')),
  },
  {
    name: 'recency_score',
    description: 'Recency score: 5 is the fifth of customers who bought last, 0 never bought',
    family,
    unit: 'score',
    expression: orElse(reverseScore(feature('recency_days')), 0),
  },
  {
    name: 'frequency_score',
    description: 'Frequency score: 5 is the fifth who bought most often',
    family,
    unit: 'score',
    expression: score(feature('frequency')),
  },
  {
    name: 'monetary_score',
    description: 'Monetary score: 5 is the fifth who spent most',
    family,
    unit: 'score',
    expression: score(feature('monetary')),
  },
  {
    name: 'rfm_score',
    description: 'Sum of the recency, frequency and monetary scores',
    family,
    unit: 'score',
    expression: add(feature('recency_score'), feature('frequency_score'), feature('monetary_score')),
  },
  {
    name: 'rfm_segment',
    description: 'RFM segment',
    family,
    unit: 'category',
    levels: ['Never bought', 'Champions', 'Loyal', 'Promising', 'At risk', 'Hibernating', 'Needs attention'],
    expression: firstOf(
      isMissing(feature('recency_days')),
      all(atLeast('recency_score', 4), atLeast('frequency_score', 4), atLeast('monetary_score', 4)),
      all(atLeast('recency_score', 3), atLeast('frequency_score', 4)),
      all(atLeast('recency_score', 4), atMost('frequency_score', 3)),
      all(atMost('recency_score', 2), atLeast('frequency_score', 4)),
      all(atMost('recency_score', 2), atMost('frequency_score', 2)),
    ),
  },
];
