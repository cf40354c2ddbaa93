import { exp, sigmoid } from '../../../shared/exact-math.ts';
import type { Random } from '../../../shared/random.ts';
import type { ColumnSchema } from '../../schema.ts';
import { defineScenario } from '../define-scenario.ts';
import { above, below, between, chance, clamp, pick, poisson, rounded, share, waiting } from '../draws.ts';
import type { Driver } from '../scenario.ts';

/** 2025-06-30. */
const asOf = 20_269;

const count = { kind: 'number', role: 'feature', unit: 'count', integer: true, min: 0 } as const;
const rate = {
  kind: 'number',
  role: 'feature',
  unit: 'share',
  min: 0,
  max: 1,
  optional: true,
  changeable: true,
} as const;

const columns: readonly ColumnSchema[] = [
  { name: 'contact_id', description: 'Contact number', kind: 'text', role: 'id' },
  { name: 'first_seen_date', description: 'Day the contact was first seen', kind: 'date', role: 'date' },
  { name: 'last_response_date', description: 'Day of the last response', kind: 'date', role: 'date', optional: true },
  { name: 'last_purchase_date', description: 'Day of the last purchase', kind: 'date', role: 'date', optional: true },
  {
    name: 'age',
    description: 'Age',
    kind: 'number',
    role: 'feature',
    unit: 'years',
    integer: true,
    min: 18,
    max: 90,
    optional: true,
  },
  {
    name: 'gender',
    description: 'Gender as given',
    kind: 'category',
    role: 'sensitive',
    levels: ['female', 'male', 'other'],
    optional: true,
  },
  {
    name: 'region',
    description: 'Region',
    kind: 'category',
    role: 'feature',
    levels: ['north', 'south', 'east', 'west', 'capital', 'abroad'],
  },
  {
    name: 'acquisition_channel',
    description: 'How the contact first came',
    kind: 'category',
    role: 'feature',
    levels: ['organic', 'paid_search', 'social', 'referral', 'event', 'partner', 'bought_list'],
  },
  {
    name: 'preferred_channel',
    description: 'Channel answered most',
    kind: 'category',
    role: 'feature',
    levels: ['email', 'sms', 'post', 'phone', 'push'],
    optional: true,
  },
  {
    name: 'household',
    description: 'Household',
    kind: 'category',
    role: 'feature',
    levels: ['single', 'couple', 'family', 'shared'],
    optional: true,
  },
  {
    ...count,
    name: 'campaigns_received_365d',
    description: 'Campaigns received in a year',
    max: 120,
    changeable: true,
  },
  { ...count, name: 'campaigns_answered_365d', description: 'Campaigns answered in a year', max: 60 },
  { ...count, name: 'campaigns_received_30d', description: 'Campaigns received in 30 days', max: 30, changeable: true },
  { ...rate, name: 'email_open_rate', description: 'Share of e-mails opened' },
  { ...rate, name: 'email_click_rate', description: 'Share of e-mails clicked' },
  { ...count, name: 'emails_received_30d', description: 'E-mails received in 30 days', max: 60, changeable: true },
  { ...rate, name: 'sms_click_rate', description: 'Share of text messages clicked' },
  {
    ...count,
    name: 'push_opens_30d',
    description: 'App notifications opened in 30 days',
    max: 200,
    optional: true,
    changeable: true,
  },
  { ...count, name: 'website_visits_30d', description: 'Website visits in 30 days', max: 500, changeable: true },
  {
    name: 'session_minutes',
    description: 'Average minutes per visit',
    kind: 'number',
    role: 'feature',
    unit: 'minutes',
    min: 0,
    max: 240,
    optional: true,
    changeable: true,
  },
  {
    name: 'pages_per_visit',
    description: 'Average pages per visit',
    kind: 'number',
    role: 'feature',
    unit: 'pages',
    min: 1,
    max: 60,
    optional: true,
    changeable: true,
  },
  {
    ...count,
    name: 'landing_page_visits_90d',
    description: 'Visits to campaign pages in 90 days',
    max: 100,
    changeable: true,
  },
  { ...count, name: 'total_purchases', description: 'Purchases so far', max: 500 },
  { ...count, name: 'purchases_90d', description: 'Purchases in 90 days', max: 100 },
  {
    name: 'avg_order_value',
    description: 'Average order value',
    kind: 'number',
    role: 'feature',
    unit: 'EUR',
    min: 0,
    max: 10_000,
    optional: true,
  },
  { ...rate, name: 'coupon_use_rate', description: 'Share of coupons redeemed' },
  {
    name: 'usual_hour',
    description: 'Hour of the day of most activity',
    kind: 'number',
    role: 'feature',
    unit: 'hour',
    integer: true,
    min: 0,
    max: 23,
    optional: true,
  },
  {
    name: 'follows_social',
    description: 'Whether the contact follows on social media',
    kind: 'category',
    role: 'feature',
    levels: ['no', 'yes'],
    changeable: true,
  },
  {
    ...count,
    name: 'social_interactions_30d',
    description: 'Likes, comments and shares in 30 days',
    max: 200,
    changeable: true,
  },
  { ...count, name: 'complaints_365d', description: 'Complaints in a year', max: 30 },
  {
    name: 'satisfaction_score',
    description: 'Last satisfaction survey',
    kind: 'number',
    role: 'feature',
    unit: 'points of 10',
    min: 1,
    max: 10,
    optional: true,
    changeable: true,
  },
  {
    name: 'loyalty_member',
    description: 'Whether in the loyalty programme',
    kind: 'category',
    role: 'feature',
    levels: ['no', 'yes'],
    changeable: true,
  },
  {
    name: 'marketing_consent',
    description: 'Whether marketing messages are allowed',
    kind: 'category',
    role: 'ignore',
    levels: ['no', 'yes'],
  },
  {
    name: 'last_contact_date',
    description: 'Day of the last campaign contact',
    kind: 'date',
    role: 'contacted',
    optional: true,
  },
  {
    name: 'responded',
    description: 'Whether the contact answered the campaign',
    kind: 'category',
    role: 'label',
    levels: ['no', 'yes'],
  },
];

type Contact = ReturnType<typeof draw>;

/** One contact from hidden traits: interest in the brand, openness to offers, tiredness of messages, digital habit. */
function draw(random: Random) {
  const interest = random.normal();
  const openness = 0.4 * interest + 0.9 * random.normal();
  const bargain = random.normal();
  const digital = random.normal();
  const age = clamp(Math.round(45 + 15 * random.normal() - 4 * digital), 18, 90);
  const tenureDays = clamp(Math.round(30 + waiting(random, 800)), 30, 5000);
  const yearShare = Math.min(1, tenureDays / 365);
  const campaigns_received_365d = clamp(
    poisson(random, yearShare * exp(2.7 + 0.15 * interest + 0.3 * random.normal())),
    0,
    120,
  );
  const campaigns_answered_365d = Math.min(
    campaigns_received_365d,
    poisson(random, campaigns_received_365d * sigmoid(-2.7 + 0.7 * openness)),
  );
  const total_purchases = poisson(random, (tenureDays / 300) * exp(0.5 * interest + 0.4 * random.normal()));
  const recency = total_purchases
    ? Math.round(tenureDays * (1 - Math.sqrt(random.next())) * (total_purchases > 3 ? 0.6 : 1))
    : Number.NaN;
  const consent = chance(random, sigmoid(2 + 0.4 * openness));
  const openRate = share(random, -1.1 + 0.75 * openness, 0.6);
  const website_visits_30d = clamp(poisson(random, exp(0.9 + 0.5 * interest + 0.45 * random.normal())), 0, 500);
  const visited = website_visits_30d > 0;
  const sms = chance(random, 0.45);
  const follows = chance(random, sigmoid(-1.1 + 0.4 * interest + 0.4 * digital));
  return {
    first_seen_date: asOf - tenureDays,
    last_response_date: campaigns_answered_365d
      ? asOf -
        Math.round(Math.min(tenureDays, 365 * yearShare * random.next() * (campaigns_answered_365d > 2 ? 0.5 : 1)))
      : Number.NaN,
    last_purchase_date: asOf - recency,
    age: chance(random, 0.06) ? Number.NaN : age,
    gender: chance(random, 0.07) ? Number.NaN : pick(random, [0.52, 0.46, 0.02]),
    region: pick(random, [0.21, 0.2, 0.17, 0.2, 0.2, 0.015]),
    acquisition_channel: pick(random, [0.3, 0.22, 0.17 * exp(0.3 * digital), 0.13, 0.08, 0.09, 0.006]),
    preferred_channel: campaigns_answered_365d
      ? pick(random, [0.5, 0.2 * exp(0.3 * digital), 0.14 * exp(0.03 * (age - 45)), 0.06, 0.1 * exp(0.6 * digital)])
      : Number.NaN,
    household: chance(random, 0.15)
      ? Number.NaN
      : pick(random, [age < 30 ? 0.4 : 0.25, 0.3, age > 28 && age < 55 ? 0.4 : 0.12, age < 30 ? 0.25 : 0.04]),
    campaigns_received_365d,
    campaigns_answered_365d,
    campaigns_received_30d: Math.min(
      campaigns_received_365d,
      clamp(poisson(random, 0.6 + campaigns_received_365d / 9), 0, 30),
    ),
    email_open_rate: consent ? openRate : Number.NaN,
    email_click_rate: consent
      ? rounded(openRate * sigmoid(-1.2 + 0.4 * openness + 0.6 * random.normal()), 1000)
      : Number.NaN,
    emails_received_30d: consent ? clamp(poisson(random, 7), 0, 60) : 0,
    sms_click_rate: sms ? share(random, -1.8 + 0.5 * openness + 0.3 * digital, 0.7) : Number.NaN,
    push_opens_30d: chance(random, sigmoid(-0.8 + 0.8 * digital))
      ? poisson(random, exp(0.9 + 0.5 * openness))
      : Number.NaN,
    website_visits_30d,
    session_minutes: visited
      ? rounded(clamp(exp(1.3 + 0.2 * interest + 0.5 * random.normal()), 0.1, 240), 10)
      : Number.NaN,
    pages_per_visit: visited ? rounded(1 + exp(0.9 + 0.25 * interest + 0.4 * random.normal()), 10) : Number.NaN,
    landing_page_visits_90d: clamp(poisson(random, exp(-0.3 + 0.5 * openness + 0.3 * interest)), 0, 100),
    total_purchases,
    purchases_90d: recency <= 90 ? Math.min(total_purchases, 1 + poisson(random, 0.4 * exp(0.4 * interest))) : 0,
    avg_order_value: total_purchases ? rounded(exp(3.7 + 0.5 * random.normal() - 0.15 * bargain), 100) : Number.NaN,
    coupon_use_rate: total_purchases ? share(random, -0.9 + 0.9 * bargain, 0.5) : Number.NaN,
    usual_hour: visited
      ? clamp(Math.round((chance(random, 0.35) ? 11 : 19.5) + 2.2 * random.normal()), 0, 23)
      : Number.NaN,
    follows_social: follows ? 1 : 0,
    social_interactions_30d: poisson(random, follows ? exp(0.5 + 0.4 * interest) : 0.06),
    complaints_365d: poisson(random, 0.12),
    satisfaction_score: chance(random, 0.45)
      ? Number.NaN
      : clamp(rounded(7.1 + 0.6 * interest + 1.5 * random.normal(), 2), 1, 10),
    loyalty_member: chance(random, sigmoid(-0.6 + 0.7 * interest)) ? 1 : 0,
    marketing_consent: consent ? 1 : 0,
    last_contact_date: campaigns_received_365d
      ? asOf - Math.round(1 + waiting(random, 300 / (campaigns_received_365d + 1)))
      : Number.NaN,
  };
}

const sinceResponse = (contact: Contact) => asOf - contact.last_response_date;
const sincePurchase = (contact: Contact) => asOf - contact.last_purchase_date;

const drivers: readonly Driver<Contact>[] = [
  {
    name: 'rested responder',
    description: 'Answered before, but neither just now nor too long ago.',
    strength: 2.3,
    of: (c) => between(sinceResponse(c), 40, 170, 7) * above(c.campaigns_answered_365d, 0.5, 0.2),
  },
  {
    name: 'interested and not tired',
    description: 'Opens e-mails and has had few campaigns this month.',
    strength: 2.1,
    of: (c) => above(c.email_open_rate, 0.3, 0.04) * below(c.campaigns_received_30d, 2.5, 0.4),
  },
  {
    name: 'bargain seeker',
    description: 'Redeems coupons and bought some time ago.',
    strength: 2.2,
    of: (c) => above(c.coupon_use_rate, 0.38, 0.04) * between(sincePurchase(c), 50, 260, 12),
  },
  {
    name: 'quiet member',
    description: 'In the programme, seldom on the website, of middle age.',
    strength: 1.9,
    of: (c) => c.loyalty_member * below(c.website_visits_30d, 2.5, 0.4) * between(c.age, 35, 58, 2),
  },
  {
    name: 'looking around',
    description: 'Visits campaign pages and browses a moderate amount.',
    strength: 1.9,
    of: (c) => between(c.landing_page_visits_90d, 0.5, 3.5, 0.3) * between(c.website_visits_30d, 2.5, 7.5, 0.6),
  },
  {
    name: 'worn out',
    description: 'Many campaigns this month.',
    strength: -1.3,
    of: (c) => above(c.campaigns_received_30d, 4.5, 0.6),
  },
  {
    name: 'annoyed',
    description: 'Complained, or unhappy.',
    strength: -1,
    of: (c) => 1 - below(c.complaints_365d, 0.5, 0.2) * above(c.satisfaction_score, 5.5, 0.5, 1),
  },
];

/** Who answers the next campaign. */
export const campaignResponse = defineScenario<Contact>({
  id: 'campaign-response',
  label: 'Campaign response',
  description: 'Who answers the next marketing campaign.',
  schema: { name: 'campaign-response', columns, label: { column: 'responded', positive: 'yes' } },
  vocabulary: {
    customer: 'contact',
    customers: 'contacts',
    conversion: 'answers the campaign',
    event: 'response',
    converters: 'responders',
  },
  asOf,
  idPrefix: 'CONT_',
  draw,
  drivers,
});
