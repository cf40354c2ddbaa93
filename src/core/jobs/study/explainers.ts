import { type Frame, takeRows } from '../../data/frame.ts';
import { createExplainer, type Explainer } from '../../explanation/explain.ts';
import { typicalCustomers } from '../../explanation/typical-customers.ts';
import type { Explaining } from '../../scoring/explaining.ts';
import { background, everyNth, getPrepared, type ScoredModel, type StudyState } from './state.ts';

const explainers = new WeakMap<ScoredModel, Explainer>();
const backgrounds = new WeakMap<ScoredModel, Frame>();

/** What tells reasons of this model, in the page and from its bundle: made once per model. */
export function explainerOf(state: StudyState, scored: ScoredModel): Explainer {
  const known = explainers.get(scored) ?? createExplainer(scored.trained.model, comparedWith(state, scored));
  explainers.set(scored, known);
  return known;
}

/** Whom a model's customers are compared with: typical customers for a network, else a sample of training customers. */
export function comparedWith(state: StudyState, scored: ScoredModel): Frame {
  const known = backgrounds.get(scored) ?? chooseBackground(state, scored);
  backgrounds.set(scored, known);
  return known;
}

function chooseBackground(state: StudyState, { trained, raw }: ScoredModel): Frame {
  if (trained.model.kind !== 'neural') return background(state);
  const { features, splits } = getPrepared(state);
  return typicalCustomers(features, splits.train, raw);
}

/** Training customers that tell which features go together. */
const sampleRows = 2000;

export function correlationSample(state: StudyState): Frame {
  const { features, splits } = getPrepared(state);
  return takeRows(features, everyNth(splits.train, sampleRows));
}

/** What the model's bundle carries for its reasons. */
export function explainingOf(state: StudyState, scored: ScoredModel): Explaining {
  const { stability } = scored;
  return {
    ...(stability ? { stability } : {}),
    ...(scored.trained.model.kind === 'neural' ? { background: comparedWith(state, scored) } : {}),
  };
}
