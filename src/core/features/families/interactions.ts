import { add, column, divide, feature, isLevel, multiply, orElse, subtract } from '../build.ts';
import type { FeatureEntry } from '../feature-entry.ts';

const family = 'Interactions';
const recencyRank = divide(feature('recency_score'), 5);
const email = orElse(feature('email_engagement'), 0);

/** Crosses: what counts only together. */
export const interactions: readonly FeatureEntry[] = [
  {
    name: 'engagement_x_recency',
    description: 'Overall engagement × recency score',
    family,
    unit: 'product',
    expression: multiply(feature('overall_engagement'), recencyRank),
  },
  {
    name: 'value_x_frequency',
    description: 'Average order value × frequency score',
    family,
    unit: 'product',
    expression: multiply(orElse(column('avg_order_value'), 0), feature('frequency_score')),
  },
  {
    name: 'email_x_web',
    description: 'E-mail × web engagement',
    family,
    unit: 'product',
    expression: multiply(email, feature('web_engagement')),
  },
  {
    name: 'email_x_recency',
    description: 'E-mail engagement × recency score',
    family,
    unit: 'product',
    expression: multiply(email, recencyRank),
  },
  {
    name: 'mobile_x_web',
    description: 'Mobile × web engagement',
    family,
    unit: 'product',
    expression: multiply(feature('mobile_engagement'), feature('web_engagement')),
  },
  {
    name: 'frequency_x_recency',
    description: 'Frequency × recency score',
    family,
    unit: 'product',
    expression: multiply(feature('frequency_score'), feature('recency_score')),
  },
  {
    name: 'discount_x_abandonment',
    description: 'Discount share × share of carts left behind',
    family,
    unit: 'product',
    expression: multiply(column('discount_usage_rate'), column('cart_abandonment_rate')),
  },
  {
    name: 'satisfaction_x_frequency',
    description: 'Satisfaction × frequency score',
    family,
    unit: 'product',
    expression: multiply(column('satisfaction_score'), feature('frequency_score')),
  },
  {
    name: 'mail_fatigue',
    description: 'E-mails received × share not opened',
    family,
    unit: 'e-mails',
    expression: multiply(column('emails_received_30d'), subtract(1, column('email_open_rate'))),
  },
  {
    name: 'visits_per_mail',
    description: 'Website visits per e-mail received',
    family,
    unit: 'ratio',
    expression: divide(column('website_visits_30d'), add(column('emails_received_30d'), 1)),
  },
  {
    name: 'app_x_mobile',
    description: 'Whether a mobile user has the app',
    family,
    unit: '0 or 1',
    expression: multiply(isLevel('has_app', 'yes'), isLevel('device', 'mobile')),
  },
];
