import type { DecisionSettings, SplitChoice } from '../../core/jobs/study-contract.ts';
import type { ModelKind } from '../../core/models/model.ts';
import type { Parameters } from '../../core/models/parameters.ts';

/** What a study is asked to be: plain JSON, saved between visits. Rows, models and results are not part of it. */
export interface StudySpec {
  readonly version: 1;
  readonly scenario: string;
  readonly customers: number;
  readonly seed: number;
  readonly conversionRate: number;
  readonly split: Omit<SplitChoice, 'seed'>;
  /** Only what was changed from the declared defaults. */
  readonly parameters: Readonly<Record<ModelKind, Parameters>>;
  readonly decision: Omit<DecisionSettings, 'seed'>;
}

export const defaultSpec: StudySpec = {
  version: 1,
  scenario: 'ecommerce',
  customers: 50_000,
  seed: 7,
  conversionRate: 0.05,
  split: { train: 0.6, validation: 0.2, test: 0.2, by: 'random' },
  parameters: { logistic: {}, boosting: {}, neural: {} },
  decision: {
    valuePerConversion: 60,
    costPerContact: 1.5,
    currency: 'EUR',
    cut: { by: 'score', score: 0.7 },
    exclusions: [],
    controlShare: 0,
  },
};

/** Where the spec is kept: the page gives localStorage, tests a map. */
export interface SpecStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const key = 'propensity-studio.spec';

/** The saved spec, or the default where nothing usable is saved. Unknown versions are left alone. */
export function loadSpec(storage: SpecStorage): StudySpec {
  try {
    const saved: unknown = JSON.parse(storage.getItem(key) ?? 'null');
    return isSpec(saved) ? { ...defaultSpec, ...saved } : defaultSpec;
  } catch {
    return defaultSpec;
  }
}

/** Full or forbidden storage is no reason to stop working. */
export function saveSpec(storage: SpecStorage, spec: StudySpec): void {
  try {
    storage.setItem(key, JSON.stringify(spec));
  } catch {
    return;
  }
}

function isSpec(value: unknown): value is StudySpec {
  if (typeof value !== 'object' || value === null) return false;
  const spec = value as Record<string, unknown>;
  return (
    spec.version === 1 &&
    typeof spec.scenario === 'string' &&
    isPositive(spec.customers) &&
    typeof spec.seed === 'number' &&
    isPositive(spec.conversionRate) &&
    isObject(spec.split) &&
    isObject(spec.parameters) &&
    ['logistic', 'boosting', 'neural'].every((kind) => isObject((spec.parameters as Record<string, unknown>)[kind])) &&
    isObject(spec.decision) &&
    isObject(spec.decision.cut) &&
    Array.isArray(spec.decision.exclusions)
  );
}

const isPositive = (value: unknown) => typeof value === 'number' && value > 0;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
