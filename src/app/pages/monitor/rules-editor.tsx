import { Button, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { defaultAlertRules } from '../../../core/monitoring/alerts/rules.ts';
import { toPlainError } from '../../../core/shared/errors.ts';
import { useStudio } from '../../studio-context.ts';
import { loadMemory, saveMemory } from './monitor-store.ts';

const loadYaml = () => import('../../../adapters/any/yaml-rules.ts');

/** When to alert, as YAML: checked with line numbers, kept in this browser, read by the terminal too. */
export function RulesEditor() {
  const { host } = useStudio();
  const [text, setText] = useState('');
  const [said, setSaid] = useState<{ readonly error?: string; readonly taken?: string }>({});
  useEffect(() => {
    void loadYaml().then(({ writeAlertRules }) =>
      setText(writeAlertRules(loadMemory(host.storage).rules ?? defaultAlertRules)),
    );
  }, [host]);
  const take = async () => {
    const { readAlertRules } = await loadYaml();
    try {
      const rules = readAlertRules(text);
      saveMemory(host.storage, { ...loadMemory(host.storage), rules });
      setSaid({ taken: `${rules.length} rules count from the next window.` });
    } catch (caught) {
      const { message, fix = '' } = toPlainError(caught);
      setSaid({ error: `${message} ${fix}` });
    }
  };
  return (
    <div className="config stack close">
      <Textarea
        label="Alert rules"
        description="Each has a figure, a limit, and for how many windows in a row. The terminal reads the same file."
        autosize
        minRows={12}
        maxRows={30}
        spellCheck={false}
        value={text}
        error={said.error}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setSaid({});
        }}
      />
      <div className="row">
        <Button onClick={() => void take()}>Use these rules</Button>
        <Button
          variant="default"
          onClick={() =>
            host.saveFile({ name: 'alerts.yaml', mediaType: 'application/yaml', bytes: new TextEncoder().encode(text) })
          }
        >
          Download alerts.yaml
        </Button>
        <span role="status" className="muted small">
          {said.taken ?? ''}
        </span>
      </div>
    </div>
  );
}
