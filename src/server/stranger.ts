import { refusal } from './problems.ts';

/**
 * Refuses who has no business here: a host name that is not ours (a name rebound to this machine by DNS) and a page of
 * another origin, including another port of this machine. Undefined for everybody else.
 */
export function stranger(request: Request, hosts: readonly string[], origins: readonly string[]): Response | undefined {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
  if (name === undefined || !hosts.includes(name)) {
    return refusal(403, `The host "${host.slice(0, 80)}" is not served here.`);
  }
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site') ?? 'none';
  if (origin !== null && origins.includes(origin)) return undefined;
  const ownOrigin = origin === null || origin === `http://${host}` || origin === `https://${host}`;
  if (!ownOrigin || (site !== 'none' && site !== 'same-origin')) {
    return refusal(403, 'Pages of another origin may not call this API.');
  }
  return undefined;
}

/** The answer to a browser that asks whether a page of a listed origin may call; undefined for every other request. */
export function preflight(request: Request, origins: readonly string[]): Response | undefined {
  const { method, headers } = request;
  if (method !== 'OPTIONS' || !headers.has('access-control-request-method')) return undefined;
  if (!origins.includes(headers.get('origin') ?? '')) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Content-Type, Accept, Authorization, X-API-Key',
      'Access-Control-Max-Age': '600',
    },
  });
}

/** Lets a page of a listed origin read the answer. Without a list there is no such header at all. */
export function allowOrigin(request: Request, origins: readonly string[], headers: Headers): void {
  if (origins.length === 0) return;
  headers.append('Vary', 'Origin');
  const origin = request.headers.get('origin');
  if (origin !== null && origins.includes(origin)) headers.set('Access-Control-Allow-Origin', origin);
}
