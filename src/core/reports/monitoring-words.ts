import type { WindowAssessment } from '../monitoring/assess.ts';
import type { Challenge } from '../monitoring/challenge.ts';
import { performanceMetrics } from '../monitoring/performance/performance.ts';
import type { Health } from '../monitoring/verdict.ts';
import { counted, integer, listing, number, percent, plainName } from './words.ts';

export const healthWords: Readonly<Record<Health, string>> = { healthy: 'Healthy', watch: 'Watch', act: 'Act' };

/** Healthy, watch or act, and why, in one or two sentences. */
export function healthSentence(
  { verdict, performance, immature, money, drift }: WindowAssessment,
  currency: string,
): string {
  const { health, dropped, significant, moderate, scoreMoved, structureMoved, outcomes } = verdict;
  const names = (features: readonly string[]): string =>
    `${listing(features.slice(0, 3).map(plainName))}${features.length > 3 ? ` and ${features.length - 3} more` : ''}`;
  const why = [
    dropped.length > 0
      ? `${listing(dropped.map(({ metric, reference, now }) => `${performanceMetrics[metric].label} went from ${number(reference)} to ${number(now)}`))}, beyond chance`
      : '',
    scoreMoved ? `the score moved (PSI ${number(drift.score.psi)})` : '',
    significant.length > 0 ? `${names(significant)} moved significantly` : '',
    moderate.length > 0 ? `${names(moderate)} moved moderately` : '',
    structureMoved ? 'features no longer hang together as they did' : '',
  ].filter(Boolean);
  const known = {
    unknown: 'no outcomes are known yet, so nobody can say whether customers still behave as they did',
    immature: `outcomes are not complete: ${immature ?? ''}`,
    few: performance?.short ?? '',
    hold: `${counted(performance?.all.conversions ?? 0, 'conversion')} of ${integer(performance?.all.rows ?? 0)} outcomes show no drop of more than 5 %`,
    dropped: `${percent(performance?.all.baseRate ?? Number.NaN)} of customers converted`,
  }[outcomes];
  const isBeyondChance = money !== undefined && (money.low > 0 || money.high < 0);
  const cost = isBeyondChance
    ? ` Expected profit at the cut: ${currency} ${integer(money.change)} against the reference (${integer(money.low)} to ${integer(money.high)}), if customers who look alike behave as they did.`
    : '';
  return `${healthWords[health]}: ${[...(why.length > 0 ? why : ['nothing moved beyond chance']), known].join('; ')}.${health === 'act' ? ' Check how the moved columns are made; if customers truly changed, train again.' : ''}${cost}`;
}

const betterWords = {
  challenger: 'The challenger ranks better',
  champion: 'The champion ranks better',
  'not told': 'These customers do not tell which ranks better',
} as const;

/** Which of two models to keep, and how sure that is. */
export function challengeSentence(
  { champion, challenger, aucGain, chance, profit, better }: Challenge,
  currency: string,
): string {
  const gain = profit.challenger - profit.champion;
  return `${betterWords[better]}: AUC ${number(challenger.metrics.auc.value)} against ${number(champion.metrics.auc.value)} (difference ${number(aucGain)}, chance ${number(chance)}) on ${counted(champion.rows, 'customer')} with ${counted(champion.conversions, 'conversion')}. At its cut the challenger earns ${currency} ${integer(gain)} more (${integer(profit.low)} to ${integer(profit.high)}).`;
}
