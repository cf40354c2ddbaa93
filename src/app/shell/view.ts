import { startTransition, useCallback, useEffect, useState } from 'react';

export const pageIds = ['data', 'features', 'train', 'evaluate', 'explain', 'decide', 'score', 'monitor'] as const;
export type PageId = (typeof pageIds)[number];

/** What is on show, as the address says it: "#/evaluate?tab=gains&cut=0.7". The part after # never leaves the browser. */
export interface View {
  readonly page: PageId;
  readonly params: Readonly<Record<string, string>>;
}

export function parseView(hash: string): View {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const page = pageIds.find((id) => id === path) ?? 'data';
  return { page, params: Object.fromEntries(new URLSearchParams(query)) };
}

export function formatView({ page, params }: View): string {
  const query = new URLSearchParams(params).toString();
  return `#/${page}${query ? `?${query}` : ''}`;
}

/** Goes to a page; the cut comes along, everything else starts afresh. */
export function goTo(page: PageId, params: Readonly<Record<string, string>> = {}): void {
  const { cut } = parseView(location.hash).params;
  location.hash = formatView({ page, params: { ...(cut ? { cut } : {}), ...params } });
}

/**
 * Waits until a page that was gone to is on show. Its drawing goes in slices of a few milliseconds; a change of the study
 * in the middle would have React do all of it again, in one go.
 */
export async function pageShown(page: PageId): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if (document.querySelector<HTMLElement>('main')?.dataset['page'] === page) return;
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
}

/** Changes how the page is shown without a step in the history; an empty value takes the parameter away. */
export function showWith(change: Readonly<Record<string, string>>): void {
  const view = parseView(location.hash);
  const params = Object.fromEntries(Object.entries({ ...view.params, ...change }).filter(([, value]) => value !== ''));
  history.replaceState(history.state, '', formatView({ page: view.page, params }));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useView(): View {
  const [view, setView] = useState(() => parseView(location.hash));
  useEffect(() => {
    const follow = () => startTransition(() => setView(parseView(location.hash)));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return view;
}

/** One parameter of the address as state: any words, such as a customer's id. */
export function useParam(name: string, fallback: string): [string, (value: string) => void] {
  const { params } = useView();
  const set = useCallback((value: string) => showWith({ [name]: value === fallback ? '' : value }), [name, fallback]);
  return [params[name] ?? fallback, set];
}

/** One parameter of the address that stands for one of these, such as the open tab. Whatever else it says is the fallback. */
export function useChoice<T extends string>(
  name: string,
  choices: readonly T[],
  fallback = choices[0] as T,
): [T, (value: string | null) => void] {
  const [value, set] = useParam(name, fallback);
  return [choiceOf(value, choices, fallback), useCallback((next) => set(next ?? fallback), [set, fallback])];
}

/** The choice of this name; the fallback where there is none, as in an address of another page or an older study. */
export function choiceOf<T extends string>(value: string, choices: readonly T[], fallback: T): T {
  return choices.find((choice) => choice === value) ?? fallback;
}
