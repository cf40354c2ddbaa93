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
  { name: 'client_id', ...id('Client number') },
  { name: 'client_since_date', ...date('Day of the first account') },
  { name: 'last_login_date', ...date('Day of the last login', { optional: true }) },
  column('age', { max: 95 }),
  column('gender'),
  {
    name: 'marital_status',
    ...category('Marital status', ['single', 'married', 'divorced', 'widowed'], { role: 'sensitive', optional: true }),
  },
  {
    name: 'occupation',
    ...category(
      'Occupation',
      ['employee', 'manager', 'self_employed', 'civil_servant', 'retired', 'student', 'seeking_work', 'diplomat'],
      { optional: true },
    ),
  },
  {
    name: 'education',
    ...category('Highest education', ['basic', 'secondary', 'vocational', 'university'], { optional: true }),
  },
  { name: 'region', ...category('Region of residence', ['north', 'south', 'east', 'west', 'capital']) },
  {
    name: 'housing',
    ...category('How the client lives', ['rents', 'owns', 'mortgage', 'with_family'], { optional: true }),
  },
  { name: 'monthly_income', ...number('Monthly income seen on the account', 'EUR', 0, 200_000, { optional: true }) },
  { name: 'monthly_spending', ...number('Monthly spending', 'EUR', 0, 200_000) },
  { name: 'account_balance', ...number('Balance of the current account', 'EUR', -20_000, 5_000_000) },
  { name: 'savings_balance', ...number('Savings', 'EUR', 0, 5_000_000, { optional: true }) },
  { name: 'products_held', ...count('Products held', 12) },
  { name: 'existing_loans', ...count('Loans running', 8) },
  { name: 'loan_balance', ...number('Owed on running loans', 'EUR', 0, 2_000_000, { optional: true }) },
  { name: 'card_utilisation', ...rate('Share of the card limit in use', { optional: true }) },
  { name: 'overdraft_days_90d', ...count('Days in overdraft in 90 days', 90) },
  { name: 'missed_payments_12m', ...count('Missed payments in 12 months', 24) },
  { name: 'credit_score', ...number('Credit score', 'points', 300, 850, { integer: true, optional: true }) },
  { name: 'salary_account', ...yesNo('Whether the salary is paid into the account') },
  { name: 'large_purchase_90d', ...yesNo('Whether a purchase above two incomes was made in 90 days') },
  { name: 'app_logins_30d', ...count('Logins in the app in 30 days', 300, { changeable: true }) },
  { name: 'web_logins_30d', ...count('Logins on the web in 30 days', 300, { changeable: true }) },
  { name: 'loan_page_visits_30d', ...count('Visits to loan pages in 30 days', 100, { changeable: true }) },
  { name: 'calculator_uses_30d', ...count('Uses of the loan calculator in 30 days', 100, { changeable: true }) },
  { name: 'branch_visits_90d', ...count('Visits to a branch in 90 days', 40, { changeable: true }) },
  { name: 'calls_90d', ...count('Calls with the bank in 90 days', 60, { changeable: true }) },
  column('email_open_rate'),
  column('email_click_rate'),
  column('emails_received_30d'),
  column('satisfaction_score'),
  column('marketing_consent'),
  column('last_contact_date', { description: 'Day of the last offer' }),
  { name: 'applied', ...yesNo('Whether the client applied for a loan within 60 days', { role: 'label' }) },
];

type Client = ReturnType<typeof draw>;

/** One client from hidden traits: means, need of money, digital habit, care with money. */
function draw(random: Random) {
  const means = random.normal();
  const need = random.normal();
  const digital = random.normal();
  const care = 0.3 * means + 0.95 * random.normal();
  const age = clamp(Math.round(46 + 15 * random.normal()), 18, 95);
  const occupation =
    age > 65
      ? 4
      : age < 24 && chance(random, 0.6)
        ? 5
        : pick(random, [0.55, 0.14 * exp(0.5 * means), 0.12, 0.12, 0.02, 0.01, 0.05 * exp(-0.6 * means), 0.003]);
  const tenureDays = clamp(Math.round(60 + waiting(random, 2200)), 60, 14_000);
  const income = rounded(exp(7.75 + 0.42 * means + (occupation === 5 ? -1 : 0) + 0.15 * random.normal()), 1);
  const spending = rounded(income * clamp(0.85 - 0.12 * care + 0.09 * need + 0.12 * random.normal(), 0.2, 1.6), 1);
  const savings = chance(random, 0.18)
    ? Number.NaN
    : rounded(income * exp(0.9 + 0.8 * care - 0.3 * need + 0.6 * random.normal()), 1);
  const existing_loans = clamp(poisson(random, exp(-0.9 + 0.3 * need - 0.1 * care)), 0, 8);
  const hasCard = chance(random, 0.72);
  const overdraft = clamp(poisson(random, exp(0.3 + 0.8 * need - 0.9 * care)), 0, 90);
  const missed = clamp(poisson(random, exp(-2.1 + 0.4 * need - 0.8 * care)), 0, 24);
  const app_logins_30d = clamp(poisson(random, exp(1.7 + 0.8 * digital - 0.015 * (age - 46))), 0, 300);
  const web_logins_30d = clamp(poisson(random, exp(0.6 + 0.4 * digital)), 0, 300);
  const loanPages = clamp(poisson(random, exp(-0.9 + 0.5 * need + 0.25 * digital + 0.4 * random.normal())), 0, 100);
  const consent = chance(random, sigmoid(1.6 + 0.2 * digital));
  const openRate = share(random, -1.2 + 0.4 * digital + 0.2 * need, 0.7);
  const logins = app_logins_30d + web_logins_30d;
  return {
    client_since_date: asOf - tenureDays,
    last_login_date: logins
      ? asOf - Math.round(Math.min(30, waiting(random, 30 / (logins + 1))))
      : chance(random, 0.3)
        ? Number.NaN
        : asOf - Math.min(tenureDays, Math.round(31 + waiting(random, 120))),
    age,
    gender: chance(random, 0.02) ? Number.NaN : pick(random, [0.5, 0.49, 0.01]),
    marital_status: chance(random, 0.04)
      ? Number.NaN
      : pick(random, [age < 32 ? 0.7 : 0.25, 0.5, age > 35 ? 0.16 : 0.03, age > 65 ? 0.2 : 0.01]),
    occupation: chance(random, 0.05) ? Number.NaN : occupation,
    education: chance(random, 0.06) ? Number.NaN : clamp(Math.round(1.7 + 0.7 * means + 0.7 * random.normal()), 0, 3),
    region: pick(random, [0.2, 0.2, 0.17, 0.22, 0.21]),
    housing: chance(random, 0.03)
      ? Number.NaN
      : pick(random, age < 30 ? [0.5, 0.05, 0.1, 0.35] : [0.34, 0.28 * exp(0.3 * means), 0.33, 0.05]),
    monthly_income: chance(random, 0.14) ? Number.NaN : income,
    monthly_spending: spending,
    account_balance: rounded(income * (0.6 + 0.5 * care - 0.35 * need + 0.5 * random.normal()), 1),
    savings_balance: savings,
    products_held: 1 + Math.min(11, poisson(random, exp(0.5 + 0.25 * means))),
    existing_loans,
    loan_balance: existing_loans ? rounded(income * existing_loans * exp(1.3 + 0.6 * random.normal()), 1) : Number.NaN,
    card_utilisation: hasCard ? share(random, -0.9 + 0.7 * need - 0.5 * care, 0.6) : Number.NaN,
    overdraft_days_90d: overdraft,
    missed_payments_12m: missed,
    credit_score: chance(random, 0.1)
      ? Number.NaN
      : clamp(Math.round(668 + 34 * care + 20 * means - 22 * Math.min(missed, 4) + 28 * random.normal()), 300, 850),
    salary_account: chance(random, sigmoid(0.9 + 0.2 * means)) ? 1 : 0,
    large_purchase_90d: chance(random, sigmoid(-2.1 + 0.5 * need + 0.2 * means)) ? 1 : 0,
    app_logins_30d,
    web_logins_30d,
    loan_page_visits_30d: loanPages,
    calculator_uses_30d: clamp(poisson(random, 0.1 + 0.35 * Math.min(loanPages, 12)), 0, 100),
    branch_visits_90d: poisson(random, exp(-0.5 - 0.4 * digital + 0.012 * (age - 46))),
    calls_90d: poisson(random, exp(-0.7 + 0.2 * need)),
    email_open_rate: consent ? openRate : Number.NaN,
    email_click_rate: consent ? rounded(openRate * sigmoid(-1.4 + 0.6 * random.normal()), 1000) : Number.NaN,
    emails_received_30d: consent ? poisson(random, 4) : 0,
    satisfaction_score: chance(random, 0.5)
      ? Number.NaN
      : clamp(rounded(7.2 - 0.15 * Math.min(missed, 5) + 1.5 * random.normal(), 2), 1, 10),
    marketing_consent: consent ? 1 : 0,
    last_contact_date: consent && chance(random, 0.5) ? asOf - Math.round(1 + waiting(random, 60)) : Number.NaN,
  };
}

const utilisation = (client: Client) => client.card_utilisation;

const drivers: readonly Driver<Client>[] = [
  {
    name: 'planning a purchase',
    description: 'Looks at loan pages and calculates, with room in the budget.',
    strength: 2.4,
    of: (c) =>
      between(c.loan_page_visits_30d, 0.5, 4.5, 0.4) *
      below(c.monthly_spending / c.monthly_income, 0.92, 0.03, 0.5) *
      above(c.calculator_uses_30d, 0.5, 0.3),
  },
  {
    name: 'tight month',
    description: 'Card well used and some days in overdraft, yet no missed payments.',
    strength: 2.3,
    of: (c) =>
      between(utilisation(c), 0.4, 0.75, 0.04) *
      above(c.overdraft_days_90d, 1.5, 0.5) *
      below(c.missed_payments_12m, 0.5, 0.2),
  },
  {
    name: 'first home',
    description: 'Rents, of the age for a home, with savings of some incomes.',
    strength: 2.2,
    of: (c) =>
      (c.housing === 0 ? 1 : 0) *
      between(c.age, 28, 43, 1.5) *
      between(c.savings_balance / c.monthly_income, 2.5, 12, 0.5),
  },
  {
    name: 'rolling over',
    description: 'Has one loan, pays it well and calls the bank.',
    strength: 1.8,
    of: (c) =>
      between(c.existing_loans, 0.5, 1.5, 0.15) * above(c.credit_score, 660, 10) * above(c.calls_90d, 0.5, 0.2),
  },
  {
    name: 'after a large purchase',
    description: 'Bought something large and draws on savings.',
    strength: 2,
    of: (c) => c.large_purchase_90d * below(c.savings_balance / c.monthly_income, 3, 0.5, 1),
  },
  {
    name: 'too much already',
    description: 'Three loans or more, or payments missed.',
    strength: -1.6,
    of: (c) => 1 - below(c.existing_loans, 2.5, 0.3) * below(c.missed_payments_12m, 1.5, 0.3),
  },
  {
    name: 'reached',
    description: 'Opens the bank’s e-mails.',
    strength: 0.6,
    of: (c) => above(c.email_open_rate, 0.25, 0.05),
  },
];

/** Who applies for a loan within 60 days. */
export const bankLoan = defineScenario<Client>({
  id: 'bank-loan',
  label: 'Bank loan application',
  description: 'Which clients apply for a loan within 60 days.',
  schema: { name: 'bank-loan', columns, label: { column: 'applied', positive: 'yes' } },
  vocabulary: {
    customer: 'client',
    customers: 'clients',
    conversion: 'applies for a loan within 60 days',
    event: 'application',
    converters: 'applicants',
  },
  asOf,
  idPrefix: 'CLNT_',
  draw,
  drivers,
});
