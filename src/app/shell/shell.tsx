import { Button } from '@mantine/core';
import { Suspense, useEffect } from 'react';
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary';
import { Empty } from '../components/empty.tsx';
import { cutScore, runningTasks } from '../stores/study-state.ts';
import { useActions, useStudy } from '../studio-context.ts';
import { DropAnywhere } from './drop-anywhere.tsx';
import { pageCatalogue } from './pages.ts';
import { Rail } from './rail.tsx';
import { TaskBar } from './task-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { formatView, parseView, showWith, useView } from './view.ts';

/** The frame: the pipeline to the left, the study above, the page, and what runs below. */
export function Shell() {
  const view = useView();
  const { page } = view;
  const entry = pageCatalogue.find((each) => each.id === page) ?? pageCatalogue[0];
  const Page = entry?.component;
  useEffect(() => {
    // Another page is read from its top; another tab of the same page stays where it is.
    if (page) window.scrollTo(0, 0);
  }, [page]);
  useCutInAddress();
  useTitle();
  useLeaveWarning();
  return (
    <div className="shell">
      <a className="skip" href="#page" onClick={(event) => skipTo(event, 'page')}>
        Skip to the page
      </a>
      <Rail page={page} />
      <div className="shell-body">
        <TopBar />
        <main id="page" data-page={page} data-view={formatView(view)} tabIndex={-1} className="page">
          <ErrorBoundary resetKeys={[page]} FallbackComponent={PageFailure}>
            <Suspense fallback={null}>{Page && <Page />}</Suspense>
          </ErrorBoundary>
        </main>
        <TaskBar />
      </div>
      <DropAnywhere page={page} />
    </div>
  );
}

function PageFailure({ error, resetErrorBoundary }: FallbackProps) {
  return (
    <Empty
      title="This page could not be shown"
      action={
        <Button variant="default" onClick={resetErrorBoundary}>
          Show it again
        </Button>
      }
    >
      The study is still open and the other pages work. {error instanceof Error ? error.message : String(error)}
    </Empty>
  );
}

function skipTo(event: { preventDefault(): void }, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.focus();
}

/** The cut stands in the address; an address that brings one sets it. */
function useCutInAddress(): void {
  const { setCut } = useActions();
  const score = useStudy(cutScore);
  const isByScore = useStudy((state) => state.spec.decision.cut.by === 'score');
  useEffect(() => {
    // Only the address the page was opened with counts; afterwards the study leads.
    const asked = Number(parseView(location.hash).params.cut);
    if (asked > 0 && asked < 1) setCut({ by: 'score', score: asked });
  }, [setCut]);
  useEffect(() => {
    const rest = setTimeout(() => showWith({ cut: isByScore && score !== 0.7 ? String(score) : '' }), 300);
    return () => clearTimeout(rest);
  }, [score, isByScore]);
}

function useTitle(): void {
  const percent = useStudy((state) => {
    const running = runningTasks(state)[0];
    return running ? Math.floor(running.progress.fraction * 100) : -1;
  });
  useEffect(() => {
    document.title = percent < 0 ? 'Propensity Studio' : `${percent} % · Propensity Studio`;
  }, [percent]);
}

function useLeaveWarning(): void {
  const unsaved = useStudy((state) => state.unsaved);
  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [unsaved]);
}
