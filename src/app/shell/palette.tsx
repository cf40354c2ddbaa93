import { Modal, TextInput, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { modelKinds } from '../../core/models/model.ts';
import { modelLabels } from '../components/model-name.tsx';
import { lacksLabel } from '../stores/study-state.ts';
import { type Studio, useStudio } from '../studio-context.ts';
import { pageCatalogue } from './pages.ts';
import { goTo } from './view.ts';

interface Command {
  readonly name: string;
  readonly act: () => void;
}

/** Everything that can be done, by a few letters of its name. Arrow keys choose, Enter does it, Escape leaves. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const studio = useStudio();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const other = scheme === 'light' ? 'dark' : 'light';
  const commands = [...commandsOf(studio), { name: `Theme: ${other}`, act: () => setColorScheme(other) }];
  const found = commands.filter(({ name }) => holdsWords(name, query));
  const current = Math.min(chosen, found.length - 1);
  const take = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.act();
  };
  const onKey = (key: string): boolean => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[key] !== undefined) setChosen((current + steps[key] + found.length) % Math.max(1, found.length));
    else if (key === 'Enter') take(found[current]);
    else return false;
    return true;
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding={8} yOffset="12vh" aria-label="Commands">
      <TextInput
        data-autofocus
        type="search"
        aria-label="Command"
        placeholder="Go to a page, train, save …"
        role="combobox"
        aria-expanded
        aria-controls="palette-commands"
        aria-activedescendant={found[current] ? `command-${current}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (onKey(event.key)) event.preventDefault();
        }}
      />
      <div id="palette-commands" role="listbox" aria-label="Commands" className="palette">
        {found.map((command, i) => (
          // The keyboard stays in the field above.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
          <div
            key={command.name}
            id={`command-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === current}
            onPointerMove={() => setChosen(i)}
            onClick={() => take(command)}
          >
            {command.name}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted small palette-none">Nothing here goes by that name.</p>}
    </Modal>
  );
}

/** What can be done now: a command that would only be refused is not offered. */
function commandsOf({ host, study }: Studio): Command[] {
  const { actions, store } = study;
  const state = store.getState();
  const evaluated = state.evaluation !== undefined;
  const free = !state.runningEverything;
  const commands: (Command | false)[] = [
    ...pageCatalogue.map(({ id, label }) => ({ name: `Go to ${label}`, act: () => goTo(id) })),
    free &&
      !lacksLabel(state) && {
        name: 'Run everything',
        act: () => {
          goTo('train');
          void actions.runEverything();
        },
      },
    ...modelKinds.map(
      (kind) =>
        free &&
        state.features !== undefined && {
          name: `Train ${modelLabels[kind].toLowerCase()}`,
          act: () => {
            goTo('train');
            void actions.train([kind]);
          },
        },
    ),
    evaluated && { name: 'Save bundle', act: () => void actions.saveBundle() },
    evaluated && {
      name: 'Download report',
      act: () => void actions.download('Writing the report', (options) => host.study.report({}, options)),
    },
    state.models.boosting !== undefined && {
      name: 'Download model.txt (LightGBM)',
      act: () => void actions.download('Writing model.txt', (options) => host.study.exportModelText({}, options)),
    },
    state.models.neural !== undefined && {
      name: 'Download model.json and weights (tfjs)',
      act: () => void actions.download('Writing the network', (options) => host.study.exportTfjsModel({}, options)),
    },
    state.models.boosting !== undefined &&
      evaluated && { name: 'Look at the trees', act: () => goTo('explain', { tab: 'trees' }) },
  ];
  return commands.filter((command) => command !== false);
}

/** Every word typed begins a word of the name. */
function holdsWords(name: string, query: string): boolean {
  const words = name.toLowerCase().split(/[\s.:()]+/);
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}
