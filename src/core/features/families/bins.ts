import { bin, column, feature } from '../build.ts';
import type { FeatureEntry } from '../feature-entry.ts';

const family = 'Bins';

/** Numbers in the groups that people speak of. */
export const bins: readonly FeatureEntry[] = [
  {
    name: 'age_group',
    description: 'Age group',
    family,
    unit: 'category',
    levels: ['under 25', '25–34', '35–44', '45–54', '55–64', '65 and over'],
    expression: bin(column('age'), 25, 35, 45, 55, 65),
  },
  {
    name: 'tenure_bin',
    description: 'Time since signing up',
    family,
    unit: 'category',
    levels: ['under 3 months', '3–12 months', '1–2 years', '2–4 years', 'over 4 years'],
    expression: bin(feature('tenure_days'), 91, 365, 730, 1461),
  },
  {
    name: 'order_value_bin',
    description: 'Average order value',
    family,
    unit: 'category',
    levels: ['under 25', '25–50', '50–100', '100 and more'],
    expression: bin(column('avg_order_value'), 25, 50, 100),
  },
  {
    name: 'visit_bin',
    description: 'Website visits in 30 days',
    family,
    unit: 'category',
    levels: ['none', '1–4', '5 and more'],
    expression: bin(column('website_visits_30d'), 1, 5),
  },
];
