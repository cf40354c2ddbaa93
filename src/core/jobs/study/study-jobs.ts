import type { StudyJobs } from '../study-contract.ts';
import { bundleJobs } from './bundles.ts';
import { coefficientJobs } from './coefficients.ts';
import { confidenceJobs } from './confidence.ts';
import { crossValidationJobs } from './cross-validate.ts';
import { datasetJobs } from './dataset.ts';
import { decisionJobs } from './decide.ts';
import { driftJobs } from './drift.ts';
import { evaluationJobs } from './evaluate.ts';
import { explanationJobs } from './explain.ts';
import { featureJobs } from './features.ts';
import { fileJobs } from './files.ts';
import { importanceJobs } from './importance.ts';
import { importedModelJobs } from './imported.ts';
import { modelJobs } from './models.ts';
import { networkJobs } from './network.ts';
import { scorecardJobs } from './scorecard.ts';
import { treeJobs } from './trees.ts';
import { emptyStudy, type StudyHost } from './state.ts';
import { explanationViewJobs } from './views/views.ts';

/** One study, in this very thread: a worker, Node or a test serves it. */
export function createStudyJobs(host: StudyHost): StudyJobs {
  const state = emptyStudy();
  return {
    ...datasetJobs(state, host),
    ...featureJobs(state, host),
    ...modelJobs(state, host),
    ...importedModelJobs(state, host),
    ...importanceJobs(state, host),
    ...evaluationJobs(state, host),
    ...confidenceJobs(state),
    ...decisionJobs(state),
    ...explanationJobs(state, host),
    ...explanationViewJobs(state, host),
    ...treeJobs(state),
    ...coefficientJobs(state, host),
    ...scorecardJobs(state, host),
    ...networkJobs(state),
    ...bundleJobs(state, host),
    ...driftJobs(state, host),
    ...fileJobs(state, host),
    ...crossValidationJobs(state, host),
  };
}
