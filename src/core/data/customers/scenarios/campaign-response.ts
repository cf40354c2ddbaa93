import { exp, sigmoid } from '../../../shared/exact-math.ts';
import type { Random } from '../../../shared/random.ts';
import type { ColumnSchema } from '../../schema.ts';
import { defineScenario } from '../define-scenario.ts';
import { above, below, between, chance, clamp, pick, poisson, rounded, share, waiting } from '../draws.ts';
import type { Driver } from '../scenario.ts';
import { category, column, count, date, id, number, rate, yesNo } from './columns.ts';

/** 2025-06-30. */
const asOf = 20_269;

const columns: readonly ColumnSchema[] = [
  { name: 'contact_id', ...id('Contact number') },
  { name: 'first_seen_date', ...date('Day the contact was first seen') },
  { name: 'last_response_date', ...date('Day of the last response', { optional: true }) },
  column('last_purchase_date'),
  column('age', { optional: true }),
  column('gender'),
  { name: 'region', ...category('Region', ['north', 'south', 'east', 'west', 'capital', 'abroad']) },
  {
    name: 'acquisition_channel',
    ...category('How the contact first came', [
      'organic',
      'paid_search',
      'social',
      'referral',
      'event',
      'partner',
      'bought_list',
    ]),
  },
  {
    name: 'preferred_channel',
    ...category('Channel answered most', ['email', 'sms', 'post', 'phone', 'push'], { optional: true }),
  },
  { name: 'household', ...category('Household', ['single', 'couple', 'family', 'shared'], { optional: true }) },
  { name: 'campaigns_received_365d', ...count('Campaigns received in a year', 120, { changeable: true }) },
  { name: 'campaigns_answered_365d', ...count('Campaigns answered in a year', 60) },
  { name: 'campaigns_received_30d', ...count('Campaigns received in 30 days', 30, { changeable: true }) },
  column('email_open_rate'),
  column('email_click_rate'),
  column('emails_received_30d'),
  { name: 'sms_click_rate', ...rate('Share of text messages clicked', { optional: true, changeable: true }) },
  {
    name: 'push_opens_30d',
    ...count('App notifications opened in 30 days', 200, { optional: true, changeable: true }),
  },
  column('website_visits_30d'),
  column('session_minutes'),
  column('pages_per_visit'),
  { name: 'landing_page_visits_90d', ...count('Visits to campaign pages in 90 days', 100, { changeable: true }) },
  column('total_purchases'),
  column('purchases_90d', { max: 100 }),
  column('avg_order_value'),
  { name: 'coupon_use_rate', ...rate('Share of coupons redeemed', { optional: true, changeable: true }) },
  {
    name: 'usual_hour',
    ...number('Hour of the day of most activity', 'hour', 0, 23, { integer: true, optional: true }),
  },
  column('follows_social', { description: 'Whether the contact follows on social media' }),
  column('social_interactions_30d'),
  { name: 'complaints_365d', ...count('Complaints in a year', 30) },
  column('satisfaction_score'),
  { name: 'loyalty_member', ...yesNo('Whether in the loyalty programme', { changeable: true }) },
  column('marketing_consent'),
  column('last_contact_date'),
  { name: 'responded', ...yesNo('Whether the contact answered the campaign', { role: 'label' }) },
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
