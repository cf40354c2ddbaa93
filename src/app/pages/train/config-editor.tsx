import { Button, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ModelKind } from '../../../core/models/model.ts';
import { schemaFor } from '../../../core/models/parameter-check.ts';
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
  const area = useRef<HTMLTextAreaElement>(null);
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
      const plain = toPlainError(caught);
      setError(plain);
      if (area.current && plain.where?.row) showLine(area.current, plain.where.row);
    }
  };
  const words = error && errorWords(error);
  return (
    <div className="config stack close">
      <Textarea
        ref={area}
        label="Parameters of the three models"
        description="What is left out has its default. The same file is read by the demo and the terminal."
        autosize
        minRows={12}
        maxRows={30}
        spellCheck={false}
        value={text}
        error={words ? `${words.what} ${words.next}` : undefined}
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

/** Puts the line with the mistake under the cursor and into sight. */
function showLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
  area.scrollTop = (area.scrollHeight * Math.max(0, line - 6)) / lines.length;
}

/** The spec keeps only what differs from the declared defaults. */
function changedOnly(
  read: Readonly<Record<ModelKind, Parameters>>,
  models: readonly DeclaredModel[],
): Record<ModelKind, Parameters> {
  const changed = (kind: ModelKind): Parameters => {
    const schema = schemaFor(models.find((model) => model.kind === kind)?.parameters ?? [], read[kind] ?? {});
    return Object.fromEntries(
      Object.entries(read[kind] ?? {}).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(schema.find((each) => each.name === name)?.default),
      ),
    );
  };
  return { logistic: changed('logistic'), boosting: changed('boosting'), neural: changed('neural') };
}
