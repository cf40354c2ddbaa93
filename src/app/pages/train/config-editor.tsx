import { Button, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ModelKind } from '../../../core/models/model.ts';
import type { Parameters } from '../../../core/models/parameters.ts';
import { type PlainError, toPlainError } from '../../../core/shared/errors.ts';
import type { DeclaredModel } from '../../catalogues.ts';
import { errorWords } from '../../error-words.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';

const loadYaml = () => import('../../../adapters/any/yaml.ts');

/** All parameters as one text: edited, checked with line numbers, taken over into the form, saved and shared. */
export function ConfigEditor({ models }: { models: readonly DeclaredModel[] }) {
  const parameters = useStudy((state) => state.spec.parameters);
  const { changeSpec } = useActions();
  const { host } = useStudio();
  const [text, setText] = useState('');
  const [error, setError] = useState<PlainError | null>(null);
  const [taken, setTaken] = useState(false);

  useEffect(() => {
    void loadYaml().then(({ writeModelConfig }) => setText(writeModelConfig(models, parameters)));
  }, [models, parameters]);

  const take = async () => {
    const { readModelConfig } = await loadYaml();
    try {
      const read = readModelConfig(text, models);
      changeSpec({ parameters: changedOnly(read, models) });
      setError(null);
      setTaken(true);
    } catch (caught) {
      setError(toPlainError(caught));
    }
  };
  const words = error && errorWords(error);
  return (
    <div className="config stack close">
      <Textarea
        label="Parameters of the three models"
        description="What is left out has its default. The same file is read by the demo and the terminal."
        autosize
        minRows={12}
        maxRows={30}
        spellCheck={false}
        value={text}
        error={
          words
            ? `${error.where?.row === undefined ? '' : `Line ${error.where.row}: `}${words.what} ${words.next}`
            : undefined
        }
        onChange={(event) => {
          setText(event.currentTarget.value);
          setTaken(false);
        }}
      />
      <div className="row">
        <Button onClick={() => void take()}>Use this configuration</Button>
        <Button
          variant="default"
          onClick={() =>
            host.saveFile({ name: 'model.yaml', mediaType: 'application/yaml', bytes: new TextEncoder().encode(text) })
          }
        >
          Download model.yaml
        </Button>
        <span role="status" className="muted small">
          {taken ? 'Taken over. It counts from the next training.' : ''}
        </span>
      </div>
    </div>
  );
}

/** The spec keeps only what differs from the declared defaults. */
function changedOnly(
  read: Readonly<Record<ModelKind, Parameters>>,
  models: readonly DeclaredModel[],
): Record<ModelKind, Parameters> {
  const changed = (kind: ModelKind): Parameters => {
    const schema = models.find((model) => model.kind === kind)?.parameters ?? [];
    return Object.fromEntries(
      Object.entries(read[kind] ?? {}).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(schema.find((each) => each.name === name)?.default),
      ),
    );
  };
  return { logistic: changed('logistic'), boosting: changed('boosting'), neural: changed('neural') };
}
