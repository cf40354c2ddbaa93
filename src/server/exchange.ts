import { securityHeaders } from './security-headers.ts';

/**
 * What the API reads of a request. A fetch `Request` is one; Node's host makes its own, because a `Request` and a
 * `Response` cost it as much as the prediction between them.
 */
export interface ApiRequest {
  readonly method: string;
  /** Whole, with scheme and host. */
  readonly url: string;
  /** Asked by names in small letters. */
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly body: ReadableStream<Uint8Array> | null;
  /** The whole body, where the host has a quicker way than `body`; more than `mostBytes` is `request.too-large`. */
  readonly readWhole?: (mostBytes: number) => Promise<Uint8Array>;
}

/** On every answer of the API; whoever sends one adds them. */
export const commonHeaders: Readonly<Record<string, string>> = { ...securityHeaders, 'Cache-Control': 'no-store' };

/** An answer before its host sends it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

/** Path and query of a request's URL, as sent: nothing is decoded or tidied, so that only exact paths match. */
export function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const from = start < 0 ? url.length : start;
  const mark = url.indexOf('?', from);
  const path = url.slice(from, mark < 0 ? undefined : mark);
  return { path: path === '' ? '/' : path, query: mark < 0 ? noQuery : new URLSearchParams(url.slice(mark + 1)) };
}

const noQuery = new URLSearchParams();

export function jsonReply(body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status: 200,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  };
}

export function textReply(body: string, type: string): Reply {
  return { status: 200, headers: { 'Content-Type': type }, body };
}

/** For hosts that speak fetch. */
export function toResponse({ status, headers, body }: Reply): Response {
  return new Response(body as BodyInit | null, { status, headers: { ...headers, ...commonHeaders } });
}
