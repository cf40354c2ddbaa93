import { add, column, divide, feature, isLevel, mean, multiply, orElse, quarter, rank } from '../build.ts';
import type { FeatureEntry } from '../feature-entry.ts';

const family = 'Engagement';

/** How much customers take part in each channel, as ranks from 0 to 1, and over all of them. */
export const engagement: readonly FeatureEntry[] = [
  {
    name: 'email_engagement',
    description: 'E-mail engagement: mean rank of open and click rate',
    family,
    unit: 'rank',
    expression: mean(rank(column('email_open_rate')), rank(column('email_click_rate'))),
  },
  {
    name: 'email_click_to_open',
    description: 'Clicks per opened e-mail',
    family,
    unit: 'share',
    expression: divide(column('email_click_rate'), column('email_open_rate')),
  },
  {
    name: 'emails_opened_30d',
    description: 'E-mails opened in 30 days',
    family,
    unit: 'e-mails',
    expression: multiply(column('emails_received_30d'), orElse(column('email_open_rate'), 0)),
  },
  {
    name: 'web_engagement',
    description: 'Web engagement: mean rank of visits, minutes and pages',
    family,
    unit: 'rank',
    expression: mean(
      rank(column('website_visits_30d')),
      rank(orElse(column('session_minutes'), 0)),
      rank(orElse(column('pages_per_visit'), 0)),
    ),
  },
  {
    name: 'web_minutes_30d',
    description: 'Minutes on the website in 30 days',
    family,
    unit: 'minutes',
    expression: multiply(column('website_visits_30d'), orElse(column('session_minutes'), 0)),
  },
  {
    name: 'web_pages_30d',
    description: 'Pages seen in 30 days',
    family,
    unit: 'pages',
    expression: multiply(column('website_visits_30d'), orElse(column('pages_per_visit'), 0)),
  },
  {
    name: 'mobile_engagement',
    description: 'Mobile engagement: rank of app sessions, 0 without the app',
    family,
    unit: 'rank',
    expression: multiply(isLevel('has_app', 'yes'), rank(orElse(column('app_sessions_30d'), 0))),
  },
  {
    name: 'social_engagement',
    description: 'Social engagement: following and interactions',
    family,
    unit: 'rank',
    expression: mean(isLevel('follows_social', 'yes'), rank(column('social_interactions_30d'))),
  },
  {
    name: 'overall_engagement',
    description: 'Overall engagement: mean over e-mail, web, mobile and social',
    family,
    unit: 'rank',
    expression: mean(
      orElse(feature('email_engagement'), 0),
      feature('web_engagement'),
      feature('mobile_engagement'),
      feature('social_engagement'),
    ),
  },
  {
    name: 'digital_engagement',
    description: 'E-mail and web engagement together',
    family,
    unit: 'rank',
    expression: mean(orElse(feature('email_engagement'), 0), feature('web_engagement')),
  },
  {
    name: 'engagement_level',
    description: 'Quarter of overall engagement',
    family,
    unit: 'category',
    levels: ['Lowest quarter', 'Low quarter', 'High quarter', 'Highest quarter'],
    expression: quarter(feature('overall_engagement')),
  },
  {
    name: 'channels_used',
    description: 'Number of channels used: e-mail opened, website, app, social',
    family,
    unit: 'channels',
    expression: add(
      { op: 'compare', by: '>', left: feature('emails_opened_30d'), right: { op: 'constant', value: 0.5 } },
      { op: 'compare', by: '>', left: column('website_visits_30d'), right: { op: 'constant', value: 0 } },
      isLevel('has_app', 'yes'),
      isLevel('follows_social', 'yes'),
    ),
  },
];
