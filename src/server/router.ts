import { RegExpRouter } from 'hono/router/reg-exp-router';
import { type Route, routes } from './routes.ts';

/** The routes of one path, by method. HEAD is GET without a body. */
interface Place {
  readonly path: string;
  readonly byMethod: ReadonlyMap<string, Route>;
  /** For the header Allow. */
  readonly allow: string;
}

export interface Match extends Place {
  readonly parameters: Readonly<Record<string, string>>;
}

/** Whether the API answers this path, so that a host knows what to pass on. `/` is a page to those who accept one. */
export function isApiRequest(path: string, accept: string | undefined): boolean {
  return findPlace(path) !== undefined && (path !== '/' || !accept?.includes('text/html'));
}

/** Finds what is declared for a path, exactly as written: no decoding, no trailing slash, case counts. */
export const findPlace: (path: string) => Match | undefined = createRouter();

function createRouter(): (path: string) => Match | undefined {
  const router = new RegExpRouter<Place>();
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path);
    const byMethod = new Map(own.map((route) => [route.method as string, route]));
    const get = byMethod.get('GET');
    if (get) byMethod.set('HEAD', get);
    router.add('ALL', path, { path, byMethod, allow: [...byMethod.keys()].sort().join(', ') });
  }
  return (path) => {
    const [found, values] = router.match('ALL', path) as [[Place, Record<string, number>][], string[]?];
    const first = found[0];
    if (!first) return undefined;
    const [place, indexes] = first;
    const names = Object.keys(indexes);
    if (names.length === 0) return { ...place, parameters: {} };
    return {
      ...place,
      parameters: Object.fromEntries(names.map((name) => [name, values?.[indexes[name] as number] ?? ''])),
    };
  };
}
