import { ActionIcon, Button, Popover, Slider, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconMoon, IconPlayerPlayFilled, IconSun } from '@tabler/icons-react';
import { useState } from 'react';
import { formatInteger } from '../format.ts';
import { cutScore, lacksLabel } from '../stores/study-state.ts';
import { useActions, useStudio, useStudy } from '../studio-context.ts';
import { PaletteKey } from './palette-key.tsx';
import { goTo, pageShown, parseView } from './view.ts';

/** The study, the one button that runs it, the one cut that every view obeys, and the theme. */
export function TopBar() {
  return (
    <header className="top-bar">
      <StudyName />
      <div className="row" style={{ flexWrap: 'nowrap' }}>
        <RunEverything />
        <Cut />
        <Theme />
        <PaletteKey />
      </div>
    </header>
  );
}

function StudyName() {
  const dataset = useStudy((state) => state.dataset);
  const featureCount = useStudy((state) => (state.stale.features ? undefined : state.features?.features.length));
  if (!dataset) return <span className="study-name muted">No study open</span>;
  const parts = [
    `${formatInteger(dataset.rowCount)} × ${formatInteger(featureCount ?? dataset.columns.length)}`,
    ...(dataset.seed === undefined ? [] : [`seed ${dataset.seed}`]),
  ];
  return (
    <span className="study-name" title={`${dataset.name} · ${parts.join(' · ')}`}>
      <strong>{dataset.name}</strong> <span className="muted number">· {parts.join(' · ')}</span>
    </span>
  );
}

function RunEverything() {
  const running = useStudy((state) => state.runningEverything);
  const { runEverything } = useActions();
  const { store } = useStudio().study;
  const run = async () => {
    if (lacksLabel(store.getState())) return goTo('data', { ask: 'label' });
    const done = await runEverything(() => {
      goTo('train');
      return pageShown('train');
    });
    // Whoever looks elsewhere meanwhile is left there.
    if (parseView(location.hash).page !== 'train') return;
    if (done) goTo('evaluate');
    else if (lacksLabel(store.getState())) goTo('data', { ask: 'label' });
  };
  return (
    <Button
      size="sm"
      leftSection={<IconPlayerPlayFilled size={14} aria-hidden />}
      disabled={running}
      aria-label={running ? 'Running' : 'Run everything'}
      onClick={() => void run()}
    >
      {running ? 'Running' : 'Run'}
      {!running && <span className="wide-only">&nbsp;everything</span>}
    </Button>
  );
}

function Cut() {
  const score = useStudy(cutScore);
  const by = useStudy((state) => state.spec.decision.cut.by);
  const hasEvaluation = useStudy((state) => state.evaluation !== undefined);
  const { setCut } = useActions();
  const [moving, setMoving] = useState<number | null>(null);
  return (
    <Popover width={280} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          className="cut"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          aria-label={`Cut at propensity score ${score.toFixed(2)}`}
        >
          <span className="wide-only">cut&nbsp;</span>
          {(moving ?? score).toFixed(2)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack tight">
          <p className="small">
            Customers whose propensity score is at least the cut are contacted. Every view obeys it.
            {by !== 'score' && ' It now follows the choice on the Decide page.'}
          </p>
          <Slider
            min={0.01}
            max={0.99}
            step={0.01}
            value={moving ?? score}
            onChange={setMoving}
            onChangeEnd={(value) => {
              setMoving(null);
              setCut({ by: 'score', score: value });
            }}
            label={(value) => value.toFixed(2)}
            thumbLabel="Cut on the propensity score"
          />
          {hasEvaluation && (
            <Button variant="subtle" size="compact-sm" onClick={() => goTo('decide')}>
              Set it by count, share, budget or profit
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Theme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <ActionIcon
      variant="default"
      size={36}
      aria-label={scheme === 'light' ? 'Dark theme' : 'Light theme'}
      onClick={() => setColorScheme(scheme === 'light' ? 'dark' : 'light')}
    >
      {scheme === 'light' ? <IconMoon size={18} /> : <IconSun size={18} />}
    </ActionIcon>
  );
}
