import type { ApiRequest, Reply } from './exchange.ts';
import { refusal } from './problems.ts';

/**
 * Refuses who has no business here: a host name that is not ours (a name rebound to this machine by DNS) and a page of
 * another origin, including another port of this machine. Undefined for everybody else.
 */
export function stranger(request: ApiRequest, hosts: readonly string[], origins: readonly string[]): Reply | undefined {
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
export function preflight(request: ApiRequest, origins: readonly string[]): Reply | undefined {
  const { method, headers } = request;
  if (method !== 'OPTIONS' || !headers.has('access-control-request-method')) return undefined;
  if (!origins.includes(headers.get('origin') ?? '')) return undefined;
  return {
    status: 204,
    body: null,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Content-Type, Accept, Authorization, X-API-Key',
      'Access-Control-Max-Age': '600',
    },
  };
}

/** Headers that let a page of a listed origin read the answer. For a host with such a list. */
export function originHeaders(request: ApiRequest, origins: readonly string[]): Readonly<Record<string, string>> {
  const origin = request.headers.get('origin');
  const isListed = origin !== null && origins.includes(origin);
  return { Vary: 'Origin', ...(isListed ? { 'Access-Control-Allow-Origin': origin } : {}) };
}
