import { createStore } from 'zustand/vanilla';
import { openFileSink } from '../../../adapters/page/file-sink.ts';
import type { ScoreSummary } from '../../../core/jobs/study-contract.ts';
import { scoreVerdict } from '../../../core/reports/verdicts.ts';
import type { BatchOutcome } from '../../../core/scoring/batch/batch.ts';
import { bandNames } from '../../../core/scoring/cutoffs.ts';
import { createCheckpoint } from '../../../core/shared/checkpoint.ts';
import { snapshotDay } from '../../components/snapshot-day.tsx';
import { scoringOf } from '../../stores/study-state.ts';
import type { Studio } from '../../studio-context.ts';

/** A table too large to be held: waits for a place that its scores are written to. */
export interface LargeTableFile {
  readonly file: Blob;
  readonly name: string;
}

/** What a large table came to. */
export interface ScoredBatch extends Pick<BatchOutcome, 'rows' | 'problems' | 'problemCounts'> {
  readonly name: string;
  readonly verdict: string;
  readonly bands: ScoreSummary['bands'];
  readonly expectedConversions: number;
}

interface ScoreState {
  readonly scored?: ScoreSummary | undefined;
  readonly large?: LargeTableFile | undefined;
  readonly batch?: ScoredBatch | undefined;
  /** The day the next table was taken (YYYY-MM-DD), empty if it does not matter. */
  readonly asOf: string;
}

/** The last table scored. Gone on reload. */
export const scoreStore = createStore<ScoreState>(() => ({ asOf: '' }));

/** Larger delimited files are scored straight to disk: what is read of them takes several times their size. */
const largeBytes = 32e6;

/** Scores a table of customers with the model that the person chose, or that came last; a large one once it has a place. */
export async function scoreFile(file: Blob, name: string, { host, study }: Studio): Promise<void> {
  if (file.size >= largeBytes && !(await isParquet(file))) {
    scoreStore.setState({ large: { file, name }, scored: undefined, batch: undefined });
    return;
  }
  const using = scoringOf(study.store.getState());
  const scored = await study.actions.run('score', `Scoring ${name}`, (options) =>
    host.study.scoreTable({ file, name, using, ...snapshotDay(scoreStore.getState().asOf) }, options),
  );
  if (scored) scoreStore.setState({ scored, large: undefined, batch: undefined });
}

/** Scores the large table that waits; asked from a click, which a browser wants before it lets a page write files. */
export async function scoreLarge({ file, name }: LargeTableFile, { host, study }: Studio): Promise<void> {
  const sink = await openFileSink(`${name.replace(/\.(csv|gz|tsv|txt)/gi, '')}-scores.csv`);
  if (!sink) return;
  const using = scoringOf(study.store.getState());
  const outcome = await study.actions.run('score', `Scoring ${name}`, async (options) => {
    const { bytes } = await host.study.scoringBundle({ using }, options);
    const checkpoint = createCheckpoint({
      now: host.now,
      isCancelled: () => options.signal.aborted,
      ...(options.onProgress ? { report: options.onProgress } : {}),
    });
    // Loaded when a large table comes: most are small.
    const { scoreBatchFile } = await import('../../../adapters/page/batch.ts');
    const workers = Math.max(1, Math.min(8, host.cores));
    return scoreBatchFile({
      file,
      name,
      bundle: bytes,
      workers,
      sink,
      checkpoint,
      ...snapshotDay(scoreStore.getState().asOf),
    });
  });
  if (outcome) scoreStore.setState({ large: undefined, batch: describe(name, outcome) });
}

function describe(name: string, { rows, problems, problemCounts, summary }: BatchOutcome): ScoredBatch {
  const bands = [2, 1, 0].map((code) => {
    const customers = summary.bandRows[code] as number;
    return { name: bandNames[code as 0 | 1 | 2], customers, share: customers / rows.kept };
  });
  const expectedConversions = summary.bandConversions.reduce((sum, each) => sum + each, 0);
  return {
    name,
    rows,
    problems,
    problemCounts,
    bands,
    expectedConversions,
    verdict: scoreVerdict({ rowCount: rows.kept, bands, expectedConversions }),
  };
}

async function isParquet(file: Blob): Promise<boolean> {
  return (await file.slice(0, 4).text()) === 'PAR1';
}
