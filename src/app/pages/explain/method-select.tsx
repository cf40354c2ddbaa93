import { NativeSelect } from '@mantine/core';
import { methodsOf } from '../../../core/explanation/methods.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import type { ExplanationMethod } from '../../../core/jobs/study-contract.ts';
import { useChoice } from '../../shell/view.ts';

/** The ways to attribute a score that this model has, its default first. */
const methodsFor = (model: ModelId) => methodsOf(model === 'imported' ? 'boosting' : model);

/** The method chosen for a model; one that it does not have counts as its default. */
export function useMethod(model: ModelId) {
  return useChoice<ExplanationMethod>(
    'method',
    methodsFor(model).map(({ id }) => id),
  );
}

/** Chooses the method of attribution, with what it means in plain words. */
export function MethodSelect({ model }: { model: ModelId }) {
  const [method, setMethod] = useMethod(model);
  const methods = methodsFor(model);
  return (
    <NativeSelect
      label="Method"
      inputWrapperOrder={['label', 'input', 'description']}
      description={`${methods.find(({ id }) => id === method)?.words ?? ''}${method === methods[0]?.id ? ' Reasons are told by it.' : ''}`}
      style={{ maxWidth: 620 }}
      value={method}
      onChange={(event) => setMethod(event.currentTarget.value as ExplanationMethod)}
      data={methods.map(({ id, label }) => ({ value: id, label }))}
    />
  );
}
