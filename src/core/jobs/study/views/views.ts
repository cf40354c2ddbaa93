import type { StudyHost, StudyState } from '../state.ts';
import { cohortJobs } from './cohorts.ts';
import { columnEffectJobs } from './column-effects.ts';
import { everybodyJobs } from './everybody.ts';
import { explanationReportJobs } from './explanation-report.ts';
import { interactionJobs } from './interactions.ts';
import { oneCustomerJobs } from './one-customer.ts';
import { selectionJobs } from './selection.ts';
import { severalJobs } from './several.ts';
import { surrogateJobs } from './surrogates.ts';

/** What the views of the Explain page ask for. */
export function explanationViewJobs(state: StudyState, host: StudyHost) {
  return {
    ...everybodyJobs(state, host),
    ...columnEffectJobs(state, host),
    ...interactionJobs(state),
    ...cohortJobs(state, host),
    ...selectionJobs(state, host),
    ...oneCustomerJobs(state, host),
    ...severalJobs(state, host),
    ...surrogateJobs(state),
    ...explanationReportJobs(state, host),
  };
}
