import { exp, pow, sigmoid } from '../../../shared/exact-math.ts';
import type { Random } from '../../../shared/random.ts';
import type { ColumnSchema } from '../../schema.ts';
import { above, below, between, chance, clamp, pick, poisson, rounded, share, waiting } from '../draws.ts';
import { defineScenario } from '../define-scenario.ts';
import type { Driver } from '../scenario.ts';
import { category, column, count, date, id, number, rate, yesNo } from './columns.ts';
import { overallEngagement } from './overall-engagement.ts';

/** 2025-06-30. */
const asOf = 20_269;

const columns: readonly ColumnSchema[] = [
  { name: 'customer_id', ...id('Customer number') },
  { name: 'signup_date', ...date('Day of signing up') },
  column('last_purchase_date'),
  column('age', { optional: true }),
  column('gender'),
  { name: 'region', ...category('Region of delivery', ['north', 'south', 'east', 'west', 'capital', 'islands']) },
  {
    name: 'acquisition_channel',
    ...category('How the customer first came', [
      'organic',
      'paid_search',
      'social',
      'referral',
      'email',
      'affiliate',
      'offline_event',
    ]),
  },
  { name: 'device', ...category('Device used most', ['mobile', 'desktop', 'tablet']) },
  column('email_open_rate'),
  column('email_click_rate'),
  column('emails_received_30d'),
  column('website_visits_30d'),
  column('session_minutes'),
  column('pages_per_visit'),
  { name: 'has_app', ...yesNo('Whether the app is installed', { changeable: true }) },
  { name: 'app_sessions_30d', ...count('App sessions in 30 days', 300, { optional: true, changeable: true }) },
  column('follows_social'),
  column('social_interactions_30d'),
  column('total_purchases'),
  column('purchases_90d'),
  column('avg_order_value'),
  { name: 'cart_adds_30d', ...count('Items put in the cart in 30 days', 200, { changeable: true }) },
  { name: 'cart_abandonment_rate', ...rate('Share of carts left behind', { optional: true, changeable: true }) },
  { name: 'discount_usage_rate', ...rate('Share of purchases with a discount', { optional: true, changeable: true }) },
  column('support_tickets_90d'),
  column('satisfaction_score'),
  { name: 'returns_rate', ...rate('Share of purchases sent back', { optional: true }) },
  { name: 'wishlist_items', ...count('Items on the wish list', 200, { changeable: true }) },
  { name: 'reviews_written', ...count('Reviews written', 200) },
  { name: 'loyalty_points', ...number('Loyalty points', 'points', 0, 200_000, { integer: true }) },
  { name: 'loyalty_tier', ...category('Loyalty tier', ['none', 'bronze', 'silver', 'gold', 'platinum']) },
  {
    name: 'favourite_category',
    ...category(
      'Product category bought or looked at most',
      ['fashion', 'electronics', 'home', 'beauty', 'sports', 'toys', 'garden', 'gift_cards'],
      { optional: true },
    ),
  },
  column('marketing_consent'),
  column('last_contact_date'),
  { name: 'converted', ...yesNo('Whether the customer bought within 30 days', { role: 'label' }) },
];

type Customer = ReturnType<typeof draw>;

/**
 * One customer from a few hidden traits, so that the columns go together as they do in shops: engaged people open,
 * visit and buy more; affluent ones buy dearer and use fewer discounts; younger ones use the app.
 */
function draw(random: Random) {
  const engagement = random.normal();
  const affluence = random.normal();
  const thrift = 0.9 * random.normal() - 0.4 * affluence;
  const loyalty = 0.5 * engagement + 0.85 * random.normal();
  const age = clamp(Math.round(41 + 13 * random.normal() + 4 * affluence), 18, 90);
  const mobile = 0.9 * random.normal() - 0.045 * (age - 41);

  const tenureDays = clamp(Math.round(12 + waiting(random, 620)), 12, 3650);
  const monthlyPurchases = exp(-1.15 + 0.5 * loyalty + 0.35 * engagement + 0.2 * affluence + 0.25 * random.normal());
  const total_purchases = clamp(poisson(random, (monthlyPurchases * tenureDays) / 30.4), 0, 500);
  const recencyDays = total_purchases ? drawRecency(random, tenureDays, total_purchases, loyalty) : Number.NaN;
  const purchases_90d =
    recencyDays <= 90
      ? Math.min(total_purchases, 1 + poisson(random, (monthlyPurchases * (90 - recencyDays)) / 30.4))
      : 0;

  const consent = chance(random, sigmoid(2.3 + 0.5 * engagement));
  const emails_received_30d = consent ? clamp(poisson(random, exp(2.05 + 0.3 * random.normal())), 0, 60) : 0;
  const mailed = emails_received_30d > 0;
  const openRate = share(random, -1.05 + 0.85 * engagement + 0.1 * loyalty, 0.6);
  const clickRate = rounded(openRate * sigmoid(-1.2 + 0.35 * engagement + 0.6 * random.normal()), 1000);

  const website_visits_30d = drawVisits(random, engagement);
  const visited = website_visits_30d > 0;
  const has_app = chance(random, sigmoid(-0.7 + 0.9 * mobile + 0.4 * engagement));
  const follows = chance(random, sigmoid(-1.1 + 0.5 * engagement - 0.02 * (age - 41)));

  const cart_adds_30d = clamp(
    poisson(random, website_visits_30d * exp(-1.5 + 0.2 * thrift + 0.4 * random.normal())),
    0,
    200,
  );
  const avg_order_value = rounded(
    exp(3.85 + 0.4 * affluence + 0.35 * random.normal()) * (chance(random, 0.002) ? 12 : 1),
    100,
  );
  const spent = total_purchases ? total_purchases * avg_order_value : 0;
  const satisfied = clamp(rounded(7.3 + 0.7 * loyalty + 1.5 * random.normal(), 2), 1, 10);
  const support_tickets_90d = clamp(
    poisson(random, exp(-1.9 + 0.25 * Math.min(purchases_90d, 6) + 0.12 * (7 - satisfied))),
    0,
    40,
  );

  return {
    signup_date: asOf - tenureDays,
    last_purchase_date: asOf - recencyDays,
    age: chance(random, 0.03) ? Number.NaN : age,
    gender: chance(random, 0.05) ? Number.NaN : pick(random, [0.54, 0.44, 0.02]),
    region: pick(random, [0.22, 0.19, 0.16, 0.2, 0.21 * exp(0.2 * affluence), 0.02]),
    acquisition_channel: pick(random, [
      0.3,
      0.24 * exp(0.1 * thrift),
      0.18 * exp(0.3 * mobile),
      0.12 * exp(0.2 * loyalty),
      0.09,
      0.06 * exp(0.3 * thrift),
      0.008,
    ]),
    device: pick(random, [0.5 * exp(0.6 * mobile), 0.42, 0.08]),
    email_open_rate: mailed ? openRate : Number.NaN,
    email_click_rate: mailed ? clickRate : Number.NaN,
    emails_received_30d,
    website_visits_30d,
    session_minutes: visited
      ? rounded(clamp(exp(1.35 + 0.2 * engagement + 0.5 * random.normal()), 0.1, 240), 10)
      : Number.NaN,
    pages_per_visit: visited ? rounded(1 + exp(0.95 + 0.25 * engagement + 0.4 * random.normal()), 10) : Number.NaN,
    has_app: has_app ? 1 : 0,
    app_sessions_30d: has_app
      ? clamp(poisson(random, exp(1.2 + 0.55 * engagement + 0.4 * mobile)), 0, 300)
      : Number.NaN,
    follows_social: follows ? 1 : 0,
    social_interactions_30d: clamp(
      poisson(random, follows ? exp(0.7 + 0.5 * engagement + 0.4 * random.normal()) : 0.08),
      0,
      200,
    ),
    total_purchases,
    purchases_90d,
    avg_order_value: total_purchases ? avg_order_value : Number.NaN,
    cart_adds_30d,
    cart_abandonment_rate:
      cart_adds_30d + total_purchases > 0 ? share(random, 0.55 + 0.6 * thrift - 0.25 * loyalty, 0.6) : Number.NaN,
    discount_usage_rate: total_purchases ? share(random, -0.75 + 0.95 * thrift, 0.5) : Number.NaN,
    support_tickets_90d,
    satisfaction_score: chance(random, total_purchases ? 0.25 : 0.8) ? Number.NaN : satisfied,
    returns_rate: total_purchases
      ? chance(random, 0.45)
        ? 0
        : share(random, -1.9 - 0.1 * satisfied + 0.7, 0.6)
      : Number.NaN,
    wishlist_items: clamp(poisson(random, exp(0.5 + 0.4 * engagement + 0.7 * random.normal())), 0, 200),
    reviews_written: poisson(random, Math.min(total_purchases, 60) * 0.07 * exp(0.3 * loyalty)),
    loyalty_points: clamp(Math.round(spent * (0.5 + 0.5 * random.next())), 0, 200_000),
    loyalty_tier: spent < 60 ? 0 : spent < 300 ? 1 : spent < 900 ? 2 : spent < 2200 ? 3 : 4,
    favourite_category:
      !visited && !total_purchases ? Number.NaN : pick(random, [0.24, 0.2, 0.18, 0.13, 0.11, 0.08, 0.055, 0.004]),
    marketing_consent: consent ? 1 : 0,
    last_contact_date: consent && chance(random, 0.7) ? asOf - Math.round(1 + waiting(random, 25)) : Number.NaN,
  };
}

/** Days since the last of `purchases` purchases, spread evenly until the customer lapsed, if they did. */
function drawRecency(random: Random, tenureDays: number, purchases: number, loyalty: number): number {
  const lapsed = chance(random, sigmoid(-0.9 - 0.6 * loyalty)) ? tenureDays * random.next() : 0;
  return Math.round(lapsed + (tenureDays - lapsed) * (1 - pow(random.next(), 1 / purchases)));
}

/** Website visits in 30 days; a few are crawlers and shared machines. */
function drawVisits(random: Random, engagement: number): number {
  if (chance(random, 0.0015)) return 120 + random.integer(300);
  return clamp(poisson(random, exp(1.25 + 0.55 * engagement + 0.45 * random.normal())), 0, 500);
}

const recencyDays = (c: Customer) => asOf - c.last_purchase_date;
/** Days since the last purchase over the typical days between purchases. */
const cycle = (c: Customer) => (recencyDays(c) * (c.total_purchases + 1)) / (asOf - c.signup_date);
/** Comes often enough to be choosing, not so often that looking is the point. */
const considering = (c: Customer) => between(c.website_visits_30d, 2.5, 7.8, 0.28);
/** Bought neither just now nor too long ago. */
const due = (c: Customer) => between(recencyDays(c), 30, 110, 3.2);
/** Takes part over e-mail, web, mobile and social together more than two in three customers do. */
const engaged = (c: Customer) => above(overallEngagement(c), 0.5, 0.02);
const opens = (c: Customer) => above(c.email_open_rate, 0.28, 0.032);
const thrifty = (c: Customer) => above(c.discount_usage_rate, 0.35, 0.024);
/** Saturation: those who are choosing already are moved little by anything else. */
const elsewhere = (c: Customer) => 1 - 0.68 * considering(c);

/**
 * Several ways to a purchase, with sweet spots and conjunctions rather than slopes. Together they make three groups of
 * customers (choosing and due, choosing, neither), so that balanced scores fill the bands as in a living shop.
 */
const drivers: readonly Driver<Customer>[] = [
  {
    name: 'considering',
    description: 'Visits the shop three to seven times a month.',
    strength: 4.12,
    of: considering,
  },
  {
    name: 'due while considering',
    description: 'And last bought one to four months ago.',
    strength: 1.75,
    of: (c) => considering(c) * due(c),
  },
  {
    name: 'reads e-mails',
    description: 'Opens more than a quarter of the e-mails.',
    strength: 1.2,
    of: (c) => elsewhere(c) * opens(c),
  },
  {
    name: 'engaged in every channel',
    description: 'Takes part over e-mail, website, app and social media more than two in three customers do.',
    strength: 0.55,
    of: engaged,
  },
  {
    name: 'in the rhythm',
    description: 'About as long since the last purchase as usual between two.',
    strength: 0.45,
    of: (c) => elsewhere(c) * between(cycle(c), 0.5, 1.6, 0.1),
  },
  {
    name: 'knows the shop',
    description: 'Has bought at least four times.',
    strength: 0.34,
    of: (c) => above(c.total_purchases, 3.5, 0.6),
  },
  {
    name: 'regular buyer',
    description: 'Has bought three to fourteen times.',
    strength: 0.6,
    of: (c) => elsewhere(c) * between(c.total_purchases, 2.5, 14, 0.48),
  },
  {
    name: 'content',
    description: 'Satisfied at the last survey.',
    strength: 0.62,
    of: (c) => elsewhere(c) * above(c.satisfaction_score, 6.7, 0.4, 0.5),
  },
  {
    name: 'right kind of mail',
    description: 'Reads e-mails and pays the full price, or reads none and waits for discounts.',
    strength: 0.2,
    of: (c) => elsewhere(c) * (opens(c) * (1 - thrifty(c)) + (1 - opens(c)) * thrifty(c)),
  },
  {
    name: 'tired of mail',
    description: 'Gets many e-mails and has bought little.',
    strength: -1,
    of: (c) => elsewhere(c) * above(c.emails_received_30d, 10, 0.8) * below(c.total_purchases, 3.5, 0.56),
  },
];

/** Who buys within 30 days. */
export const ecommerce = defineScenario<Customer>({
  id: 'ecommerce',
  label: 'E-commerce purchase',
  description: 'Who buys within 30 days, from what they did before.',
  schema: { name: 'ecommerce', columns, label: { column: 'converted', positive: 'yes' } },
  vocabulary: {
    customer: 'customer',
    customers: 'customers',
    conversion: 'buys within 30 days',
    event: 'purchase',
    converters: 'buyers',
  },
  asOf,
  idPrefix: 'CUST_',
  draw,
  drivers,
});
