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
  { name: 'account_id', ...id('Account number') },
  { name: 'signup_date', ...date('Day the workspace was opened') },
  { name: 'last_active_date', ...date('Day of the last activity') },
  {
    name: 'company_size',
    ...category('Size of the company as given', ['1', '2-10', '11-50', '51-200', '201-1000', 'over 1000'], {
      optional: true,
    }),
  },
  {
    name: 'industry',
    ...category(
      'Industry as given',
      ['software', 'agency', 'education', 'retail', 'finance', 'health', 'public', 'aerospace'],
      { optional: true },
    ),
  },
  {
    name: 'region',
    ...category('Region of the account', ['europe', 'north_america', 'asia', 'south_america', 'africa', 'oceania']),
  },
  {
    name: 'acquisition_channel',
    ...category('How the account first came', [
      'organic',
      'paid_search',
      'social',
      'referral',
      'marketplace',
      'partner',
    ]),
  },
  {
    name: 'owner_role',
    ...category('Role of the owner', ['founder', 'manager', 'engineer', 'marketer', 'student'], { optional: true }),
  },
  {
    name: 'owner_gender',
    ...category('Gender of the owner as given', ['female', 'male', 'other'], { role: 'sensitive', optional: true }),
  },
  { name: 'seats_used', ...count('People in the workspace', 5000, { changeable: true }) },
  { name: 'invites_sent_30d', ...count('Invitations sent in 30 days', 500, { changeable: true }) },
  { name: 'active_days_30d', ...count('Days with activity in 30 days', 30, { changeable: true }) },
  { name: 'logins_30d', ...count('Logins in 30 days', 2000, { changeable: true }) },
  column('session_minutes', { description: 'Average minutes per session', max: 600 }),
  { name: 'projects_created', ...count('Projects created so far', 2000) },
  { name: 'projects_active_30d', ...count('Projects worked on in 30 days', 1000, { changeable: true }) },
  { name: 'feature_adoption_rate', ...rate('Share of the main functions used', { changeable: true }) },
  { name: 'integrations_connected', ...count('Integrations connected', 60, { changeable: true }) },
  { name: 'api_calls_30d', ...count('Calls of the programming interface in 30 days', 5_000_000, { changeable: true }) },
  { name: 'storage_used_gb', ...number('Storage used', 'GB', 0, 10) },
  { name: 'limit_hits_30d', ...count('Times a limit of the free plan was met in 30 days', 300) },
  { name: 'exports_30d', ...count('Exports in 30 days', 300, { changeable: true }) },
  { name: 'pricing_page_visits_30d', ...count('Visits to the pricing page in 30 days', 100, { changeable: true }) },
  { name: 'docs_visits_30d', ...count('Visits to the documentation in 30 days', 500, { changeable: true }) },
  { name: 'onboarding_completed', ...yesNo('Whether the introduction was finished', { changeable: true }) },
  { name: 'trial_used', ...yesNo('Whether a trial of the paid plan was taken before') },
  column('email_open_rate'),
  column('email_click_rate'),
  column('emails_received_30d'),
  { name: 'webinars_attended', ...count('Webinars attended so far', 50, { changeable: true }) },
  column('support_tickets_90d', { max: 60 }),
  {
    name: 'recommendation_score',
    ...number('Would recommend, 0 to 10', 'points of 10', 0, 10, { integer: true, optional: true, changeable: true }),
  },
  column('marketing_consent'),
  column('last_contact_date', { description: 'Day of the last call or message by sales' }),
  { name: 'upgraded', ...yesNo('Whether the account moved to a paid plan within 30 days', { role: 'label' }) },
];

type Account = ReturnType<typeof draw>;

/** One account from hidden traits: how much the product is used, how large the team is, how technical it is. */
function draw(random: Random) {
  const use = random.normal();
  const team = 0.3 * use + 0.95 * random.normal();
  const technical = random.normal();
  const tenureDays = clamp(Math.round(3 + waiting(random, 240)), 3, 2500);
  const idle = chance(random, sigmoid(-0.9 - 0.8 * use))
    ? tenureDays * random.next()
    : Math.min(tenureDays, waiting(random, 5));
  const recencyDays = Math.round(idle);
  const activeShare = sigmoid(-1 + 0.9 * use + 0.3 * random.normal()) * clamp((30 - recencyDays) / 30, 0, 1);
  const active_days_30d = clamp(poisson(random, 30 * activeShare), 0, 30);
  const isActive = active_days_30d > 0;
  const seats_used = 1 + clamp(poisson(random, exp(0.5 + 0.8 * team + 0.3 * random.normal())), 0, 4999);
  const projects_created = clamp(
    poisson(random, exp(0.9 + 0.5 * use + 0.25 * team) * Math.min(4, 0.4 + tenureDays / 200)),
    0,
    2000,
  );
  const projects_active_30d = isActive ? Math.min(projects_created, poisson(random, exp(0.4 + 0.4 * use))) : 0;
  const adoption = share(random, -0.9 + 0.6 * use + 0.25 * technical, 0.5);
  const storage = rounded(10 * sigmoid(-2.4 + 0.5 * use + 0.35 * team + 0.9 * random.normal()), 100);
  const limit_hits_30d = isActive
    ? clamp(poisson(random, exp(-1.7 + 0.28 * storage + 0.25 * Math.min(seats_used, 8))), 0, 300)
    : 0;
  const consent = chance(random, sigmoid(1.9 + 0.3 * use));
  const openRate = share(random, -1 + 0.6 * use, 0.7);
  return {
    signup_date: asOf - tenureDays,
    last_active_date: asOf - recencyDays,
    company_size: chance(random, 0.18) ? Number.NaN : clamp(Math.round(1.4 + 1.1 * team + 0.7 * random.normal()), 0, 5),
    industry: chance(random, 0.1)
      ? Number.NaN
      : pick(random, [0.3 * exp(0.5 * technical), 0.18, 0.14, 0.12, 0.1, 0.08, 0.06, 0.004]),
    region: pick(random, [0.36, 0.31, 0.18, 0.08, 0.04, 0.03]),
    acquisition_channel: pick(random, [0.36, 0.2, 0.14, 0.14 * exp(0.3 * team), 0.11 * exp(0.4 * technical), 0.05]),
    owner_role: chance(random, 0.12)
      ? Number.NaN
      : pick(random, [0.22, 0.28 * exp(0.4 * team), 0.26 * exp(0.7 * technical), 0.16, 0.12 * exp(-0.5 * team)]),
    owner_gender: chance(random, 0.3) ? Number.NaN : pick(random, [0.43, 0.55, 0.02]),
    seats_used,
    invites_sent_30d: isActive ? clamp(poisson(random, exp(-0.9 + 0.7 * team + 0.3 * use)), 0, 500) : 0,
    active_days_30d,
    logins_30d: isActive ? clamp(active_days_30d + poisson(random, active_days_30d * seats_used * 0.25), 0, 2000) : 0,
    session_minutes: isActive ? rounded(clamp(exp(2.5 + 0.3 * use + 0.5 * random.normal()), 0.1, 600), 10) : Number.NaN,
    projects_created,
    projects_active_30d,
    feature_adoption_rate: adoption,
    integrations_connected: clamp(poisson(random, exp(-0.5 + 0.6 * technical + 0.3 * use)), 0, 60),
    api_calls_30d:
      isActive && chance(random, sigmoid(-1.4 + 1.1 * technical))
        ? Math.round(exp(5.5 + 0.8 * technical + 1.2 * random.normal()))
        : 0,
    storage_used_gb: storage,
    limit_hits_30d,
    exports_30d: isActive ? poisson(random, exp(0.1 + 0.4 * use)) : 0,
    pricing_page_visits_30d: isActive
      ? clamp(
          poisson(random, exp(-0.9 + 0.3 * use + 0.14 * Math.min(limit_hits_30d, 6) + 0.5 * random.normal())),
          0,
          100,
        )
      : 0,
    docs_visits_30d: isActive ? clamp(poisson(random, exp(0.7 + 0.5 * technical + 0.3 * random.normal())), 0, 500) : 0,
    onboarding_completed: chance(random, sigmoid(0.2 + 0.8 * use)) ? 1 : 0,
    trial_used: chance(random, sigmoid(-1.2 + 0.3 * use)) ? 1 : 0,
    email_open_rate: consent ? openRate : Number.NaN,
    email_click_rate: consent
      ? rounded(openRate * sigmoid(-1.1 + 0.3 * use + 0.6 * random.normal()), 1000)
      : Number.NaN,
    emails_received_30d: consent ? clamp(poisson(random, 6), 0, 60) : 0,
    webinars_attended: poisson(random, exp(-1.6 + 0.4 * use)),
    support_tickets_90d: poisson(random, exp(-1.4 + 0.3 * use + 0.25 * Math.min(limit_hits_30d, 4))),
    recommendation_score: chance(random, 0.55)
      ? Number.NaN
      : clamp(Math.round(7.3 + 0.8 * use + 1.7 * random.normal()), 0, 10),
    marketing_consent: consent ? 1 : 0,
    last_contact_date: chance(random, 0.15 + 0.2 * sigmoid(team))
      ? asOf - Math.round(1 + waiting(random, 40))
      : Number.NaN,
  };
}

const tenure = (account: Account) => asOf - account.signup_date;
const recency = (account: Account) => asOf - account.last_active_date;

const drivers: readonly Driver<Account>[] = [
  {
    name: 'outgrowing the free plan',
    description: 'Meets the limits while working in a team, if not only trying things out.',
    strength: 2.6,
    of: (a) => above(a.limit_hits_30d, 1.5, 0.5) * between(a.seats_used, 2.5, 9, 0.7),
  },
  {
    name: 'evaluating',
    description: 'Comes back to the pricing page within the first months, before the question is settled.',
    strength: 2.4,
    of: (a) => between(a.pricing_page_visits_30d, 0.5, 3.5, 0.3) * between(tenure(a), 14, 150, 8),
  },
  {
    name: 'building on it',
    description: 'A technical team with integrations that uses the interface regularly.',
    strength: 2.2,
    of: (a) =>
      above(a.integrations_connected, 1.5, 0.4) * above(a.api_calls_30d, 150, 40) * below(a.docs_visits_30d, 5, 0.8),
  },
  {
    name: 'habit of a small team',
    description: 'Works on most days but not yet on all functions.',
    strength: 1.7,
    of: (a) => between(a.active_days_30d, 7.5, 17, 1.2) * below(a.feature_adoption_rate, 0.42, 0.04),
  },
  {
    name: 'coming back',
    description: 'Was away, took a trial before, and opens the messages.',
    strength: 2,
    of: (a) => between(recency(a), 12, 60, 3) * a.trial_used * above(a.email_open_rate, 0.3, 0.04),
  },
  {
    name: 'content',
    description: 'Would recommend the product.',
    strength: 0.6,
    of: (a) => above(a.recommendation_score, 7.5, 0.5, 0.5),
  },
  { name: 'in touch', description: 'Works with it at present.', strength: 0.8, of: (a) => below(recency(a), 20, 4) },
];

/** Who moves from the free to a paid plan within 30 days. */
export const saasUpgrade = defineScenario<Account>({
  id: 'saas-upgrade',
  label: 'SaaS upgrade',
  description: 'Which free accounts move to a paid plan within 30 days.',
  schema: { name: 'saas-upgrade', columns, label: { column: 'upgraded', positive: 'yes' } },
  vocabulary: {
    customer: 'account',
    customers: 'accounts',
    conversion: 'upgrades within 30 days',
    event: 'upgrade',
    converters: 'upgraders',
  },
  asOf,
  idPrefix: 'ACCT_',
  draw,
  drivers,
});
