import {
  type Icon,
  IconAdjustmentsBolt,
  IconChartDots,
  IconDatabase,
  IconFileUpload,
  IconHeartRateMonitor,
  IconSchool,
  IconTargetArrow,
  IconZoomQuestion,
} from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';
import { DataPage } from '../pages/data/data-page.tsx';
import type { Stage } from '../stores/study-state.ts';
import type { PageId } from './view.ts';

export interface PageEntry {
  readonly id: PageId;
  readonly label: string;
  readonly icon: Icon;
  /** The stage whose state the rail shows. */
  readonly stage?: Stage;
  readonly component: ComponentType;
}

const loads: (() => Promise<unknown>)[] = [];

function laterPage(load: () => Promise<{ default: ComponentType }>): ComponentType {
  loads.push(load);
  return lazy(load);
}

/** Fetches the pages that the first load left out, one after another. */
export async function loadAllPages(): Promise<void> {
  for (const load of loads) await load();
}

const FeaturesPage = laterPage(() => import('../pages/features/features-page.tsx'));
const TrainPage = laterPage(() => import('../pages/train/train-page.tsx'));
const EvaluatePage = laterPage(() => import('../pages/evaluate/evaluate-page.tsx'));
const ExplainPage = laterPage(() => import('../pages/explain/explain-page.tsx'));
const DecidePage = laterPage(() => import('../pages/decide/decide-page.tsx'));
const ScorePage = laterPage(() => import('../pages/score/score-page.tsx'));
const MonitorPage = laterPage(() => import('../pages/monitor/monitor-page.tsx'));

/** The pipeline, top to bottom. A page is one folder and one line here. */
export const pageCatalogue: readonly PageEntry[] = [
  { id: 'data', label: 'Data', icon: IconDatabase, stage: 'data', component: DataPage },
  { id: 'features', label: 'Features', icon: IconAdjustmentsBolt, stage: 'features', component: FeaturesPage },
  { id: 'train', label: 'Train', icon: IconSchool, stage: 'train', component: TrainPage },
  { id: 'evaluate', label: 'Evaluate', icon: IconChartDots, stage: 'evaluate', component: EvaluatePage },
  { id: 'explain', label: 'Explain', icon: IconZoomQuestion, component: ExplainPage },
  { id: 'decide', label: 'Decide', icon: IconTargetArrow, stage: 'decide', component: DecidePage },
  { id: 'score', label: 'Score', icon: IconFileUpload, component: ScorePage },
  { id: 'monitor', label: 'Monitor', icon: IconHeartRateMonitor, component: MonitorPage },
];
