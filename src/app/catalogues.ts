import { useEffect, useState } from 'react';
import type { Scenario } from '../core/data/customers/scenario.ts';
import type { ModelEntry, ModelKind } from '../core/models/model.ts';
import { defaultParameters, schemaFor } from '../core/models/parameter-check.ts';
import type { Parameters } from '../core/models/parameters.ts';

/** What the page shows of a kind of model: its words and its declared parameters. */
export type DeclaredModel = Pick<ModelEntry, 'kind' | 'label' | 'parameters'>;

/** The scenarios with sample customers. Loaded when first asked for: the first load needs no generator. */
export const loadScenarios = once(
  async (): Promise<readonly Scenario[]> => (await import('../core/data/customers/catalogue.ts')).scenarioCatalogue,
);

/** The kinds of models. Loaded when first asked for: the catalogue brings the learners along. */
export const loadModels = once(
  async (): Promise<readonly DeclaredModel[]> =>
    Object.values((await import('../core/models/catalogue.ts')).modelCatalogue),
);

/** The parameters of a kind of model: those chosen, and the defaults that come with them. */
export async function loadParameters(kind: ModelKind, chosen: Parameters): Promise<Parameters> {
  const parameters = (await loadModels()).find((model) => model.kind === kind)?.parameters ?? [];
  return { ...defaultParameters(schemaFor(parameters, chosen)), ...chosen };
}

/** What a loader brings, once it is there. */
export function useLoaded<T>(load: () => Promise<T>): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    let current = true;
    void load().then((loaded) => current && setValue(() => loaded));
    return () => {
      current = false;
    };
  }, [load]);
  return value;
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
