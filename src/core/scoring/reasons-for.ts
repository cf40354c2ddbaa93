import type { Frame } from '../data/frame.ts';
import { createExplainer, type Explainer } from '../explanation/explain.ts';
import { createRowTreeShap } from '../explanation/row-tree-shap.ts';
import { mostReasons, type Reason, reasonsOf } from '../explanation/reasons.ts';
import { StudioError } from '../shared/errors.ts';
import type { Bundle } from './bundle.ts';

/** Customers that were scored: what they brought, and the features made of it. */
export interface ScoredCustomers {
  /** Raw columns, matched to the bundle's schema. */
  readonly frame: Frame;
  /** What the bundle's recipe makes of `frame`. */
  readonly features: Frame;
  /** The snapshot day, or each row's, in days since 1970-01-01 UTC. */
  readonly asOf?: number | Float64Array | undefined;
}

/**
 * The reasons for one customer's conversion probability, up to `most` for and `most` against, the largest first: the words
 * and numbers of the page. They are to be shown with `reasonsNote`.
 */
export function reasonsFor(
  bundle: Bundle,
  { frame, features, asOf }: ScoredCustomers,
  row: number,
  most = mostReasons,
): Reason[] {
  const { recipe, schema, calibrator, centre = 0, explaining } = bundle;
  const day = typeof asOf === 'object' ? asOf[row] : asOf;
  return reasonsOf(
    explainerOf(bundle)(features, row),
    { centre, calibrator },
    { recipe, schema, stability: explaining?.stability },
    { frame, row, asOf: day === undefined || Number.isNaN(day) ? undefined : day },
    most,
  );
}

const explainers = new WeakMap<Bundle, Explainer>();

/** The bundle's explainer, made once; a network's bundle without typical customers is `study.not-ready`. */
export function explainerOf(bundle: Bundle): Explainer {
  const known = explainers.get(bundle);
  if (known) return known;
  const { model, explaining } = bundle;
  if (model.kind === 'neural' && !explaining?.background) {
    throw new StudioError(
      'study.not-ready',
      'This bundle of a network was saved before bundles carried typical customers to compare with: it has no reasons.',
      { fix: 'Save the bundle again from the study.' },
    );
  }
  const explainer = createExplainer(model, explaining?.background, createRowTreeShap);
  explainers.set(bundle, explainer);
  return explainer;
}
