import type { JobClient } from '../../core/jobs/job.ts';
import type { ExplanationViewJobs } from '../../core/jobs/explanation-contract.ts';
import { StudioError } from '../../core/shared/errors.ts';

/** The fake study has no rows: views of all customers say so. */
export function fakeViews(): JobClient<ExplanationViewJobs> {
  const refuse = async (): Promise<never> => {
    throw new StudioError('study.not-ready', 'The fake study has no rows to explain.', { fix: 'Open the true study.' });
  };
  return {
    importances: refuse,
    beeswarm: refuse,
    dependence: refuse,
    columnEffect: refuse,
    interactionHeatmap: refuse,
    cohorts: refuse,
    select: refuse,
    customers: refuse,
    customerColumns: refuse,
    whatIf: refuse,
    counterfactuals: refuse,
    neighbours: refuse,
    several: refuse,
    surrogate: refuse,
    explanationReport: refuse,
  };
}
