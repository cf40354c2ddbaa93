import { pow } from '../../../shared/exact-math.ts';

/** The columns of a customer from which engagement is read; missing ones are NaN. */
export interface EngagementColumns {
  readonly email_open_rate: number;
  readonly email_click_rate: number;
  readonly website_visits_30d: number;
  readonly session_minutes: number;
  readonly pages_per_visit: number;
  readonly has_app: number;
  readonly app_sessions_30d: number;
  readonly follows_social: number;
  readonly social_interactions_30d: number;
}

/**
 * How much a customer takes part over e-mail, web, mobile and social, 0 to 1: their mean, each a rank among customers
 * as a log-logistic distribution has it. Close to the feature `overall_engagement`, which ranks by training quantiles.
 */
export function overallEngagement(c: EngagementColumns): number {
  const email = (rank(c.email_open_rate, 0.27, 1.9) + rank(c.email_click_rate, 0.06, 1.8)) / 2;
  const web =
    (rank(c.website_visits_30d, 3.2, 1.9) + rank(c.session_minutes, 3.8, 3) + rank(c.pages_per_visit, 3.6, 4.5)) / 3;
  const mobile = c.has_app ? 0.65 + 0.35 * rank(c.app_sessions_30d, 5, 1.9) : 0;
  const active = c.social_interactions_30d > 0 ? 0.77 + 0.23 * rank(c.social_interactions_30d, 2.5, 2) : 0.38;
  return (email + web + mobile + (c.follows_social + active) / 2) / 4;
}

/** Share of customers below this value, where the log-logistic distribution of this median and shape holds; missing is 0. */
function rank(value: number, median: number, shape: number): number {
  return value > 0 ? 1 / (1 + pow(median / value, shape)) : 0;
}
