import { expect, test } from 'vitest';
import type { CategoryColumn, NumberColumn } from '../../frame.ts';
import { getColumn } from '../../frame.ts';
import type { Table } from '../../table.ts';
import { makeCustomers } from '../make-customers.ts';
import { type EngagementColumns, overallEngagement } from './overall-engagement.ts';

const table = await makeCustomers({ scenario: 'ecommerce', customers: 20_000, seed: 11 });
const chances = table.trueProbability as Float64Array;

test('an oracle tells buyers from others well, but not perfectly', () => {
  const auc = expectedAuc(chances);
  expect(auc).toBeGreaterThan(0.86);
  expect(auc).toBeLessThan(0.9);
});

test('the true chance rises from each quarter of overall engagement to the next', () => {
  const engagement = engagementOf(table);
  const order = [...engagement.keys()].sort((a, b) => (engagement[a] as number) - (engagement[b] as number));
  const quarter = order.length / 4;
  const rates = [0, 1, 2, 3].map((q) => {
    const rows = order.slice(q * quarter, (q + 1) * quarter);
    return rows.reduce((sum, row) => sum + (chances[row] as number), 0) / quarter;
  });
  expect([...rates].sort((a, b) => a - b)).toEqual(rates);
  expect((rates[3] as number) / (rates[0] as number)).toBeGreaterThan(1.5);
});

test('overall engagement spreads over customers and grows with every channel', () => {
  const engagement = engagementOf(table);
  expect(Math.min(...engagement)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...engagement)).toBeLessThanOrEqual(1);
  const silent: EngagementColumns = {
    email_open_rate: Number.NaN,
    email_click_rate: Number.NaN,
    website_visits_30d: 0,
    session_minutes: Number.NaN,
    pages_per_visit: Number.NaN,
    has_app: 0,
    app_sessions_30d: Number.NaN,
    follows_social: 0,
    social_interactions_30d: 0,
  };
  const more: Partial<EngagementColumns>[] = [
    { email_open_rate: 0.4 },
    { email_click_rate: 0.1 },
    { website_visits_30d: 4 },
    { session_minutes: 5 },
    { pages_per_visit: 3 },
    { has_app: 1, app_sessions_30d: 3 },
    { follows_social: 1 },
    { social_interactions_30d: 2 },
  ];
  for (const change of more) {
    expect(overallEngagement({ ...silent, ...change }), JSON.stringify(change)).toBeGreaterThan(
      overallEngagement(silent),
    );
  }
});

function engagementOf({ frame }: Table): number[] {
  const numbers = (name: string) => (getColumn(frame, name) as NumberColumn).values;
  const codes = (name: string) => (getColumn(frame, name) as CategoryColumn).codes;
  return Array.from(chances, (_, row) =>
    overallEngagement({
      email_open_rate: numbers('email_open_rate')[row] as number,
      email_click_rate: numbers('email_click_rate')[row] as number,
      website_visits_30d: numbers('website_visits_30d')[row] as number,
      session_minutes: numbers('session_minutes')[row] as number,
      pages_per_visit: numbers('pages_per_visit')[row] as number,
      has_app: codes('has_app')[row] as number,
      app_sessions_30d: numbers('app_sessions_30d')[row] as number,
      follows_social: codes('follows_social')[row] as number,
      social_interactions_30d: numbers('social_interactions_30d')[row] as number,
    }),
  );
}

/** AUC that the true chances themselves reach on average over draws of who converts. */
function expectedAuc(probabilities: Float64Array): number {
  const rising = Float64Array.from(probabilities).sort();
  let negatives = 0;
  let positives = 0;
  let ahead = 0;
  for (const each of rising) {
    ahead += each * (negatives + (1 - each) / 2);
    negatives += 1 - each;
    positives += each;
  }
  return ahead / (positives * negatives);
}
