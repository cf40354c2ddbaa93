import type { ColumnSchema } from '../../schema.ts';

type Described = Omit<ColumnSchema, 'name'>;
type Changes = Partial<Described>;

/** Columns that mean the same in several scenarios, by name. */
const known = {
  last_purchase_date: date('Day of the last purchase', { optional: true }),
  age: number('Age', 'years', 18, 90, { integer: true }),
  gender: category('Gender as given', ['female', 'male', 'other'], { role: 'sensitive', optional: true }),
  email_open_rate: rate('Share of e-mails opened', { optional: true, changeable: true }),
  email_click_rate: rate('Share of e-mails clicked', { optional: true, changeable: true }),
  emails_received_30d: count('E-mails received in 30 days', 60, { changeable: true }),
  website_visits_30d: count('Website visits in 30 days', 500, { changeable: true }),
  session_minutes: number('Average minutes per visit', 'minutes', 0, 240, { optional: true, changeable: true }),
  pages_per_visit: number('Average pages per visit', 'pages', 1, 60, { optional: true, changeable: true }),
  follows_social: yesNo('Whether the customer follows the shop on social media', { changeable: true }),
  social_interactions_30d: count('Likes, comments and shares in 30 days', 200, { changeable: true }),
  total_purchases: count('Purchases so far', 500),
  purchases_90d: count('Purchases in 90 days', 120),
  avg_order_value: number('Average order value', 'EUR', 0, 10_000, { optional: true }),
  support_tickets_90d: count('Support tickets in 90 days', 40, { changeable: true }),
  satisfaction_score: number('Last satisfaction survey', 'points of 10', 1, 10, { optional: true, changeable: true }),
  marketing_consent: yesNo('Whether marketing messages are allowed', { role: 'ignore' }),
  last_contact_date: date('Day of the last campaign contact', { role: 'contacted', optional: true }),
} satisfies Record<string, Described>;

/** A column of several scenarios, with what this one has otherwise. */
export function column(name: keyof typeof known, changes: Changes = {}): ColumnSchema {
  return { name, ...known[name], ...changes };
}

export function id(description: string): Described {
  return { description, kind: 'text', role: 'id' };
}

export function date(description: string, more: Changes = {}): Described {
  return { description, kind: 'date', role: 'date', ...more };
}

export function number(description: string, unit: string, min: number, max: number, more: Changes = {}): Described {
  return { description, kind: 'number', role: 'feature', unit, min, max, ...more };
}

export function count(description: string, max: number, more: Changes = {}): Described {
  return number(description, 'count', 0, max, { integer: true, ...more });
}

/** A share of a whole, 0 to 1. */
export function rate(description: string, more: Changes = {}): Described {
  return number(description, 'share', 0, 1, more);
}

export function category(description: string, levels: readonly string[], more: Changes = {}): Described {
  return { description, kind: 'category', role: 'feature', levels, ...more };
}

export function yesNo(description: string, more: Changes = {}): Described {
  return category(description, ['no', 'yes'], more);
}
