import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StudioHost } from './stores/studio-host.ts';
import type { Study, StudyActions } from './stores/study-store.ts';
import type { StudyState } from './stores/study-state.ts';

export interface Studio {
  readonly host: StudioHost;
  readonly study: Study;
}

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('No studio: render inside StudioContext.');
  return studio;
}

/** A narrow part of the study; the component draws again only when that part changes. */
export function useStudy<T>(select: (state: StudyState) => T): T {
  return useStore(useStudio().study.store, select);
}

export function useActions(): StudyActions {
  return useStudio().study.actions;
}
