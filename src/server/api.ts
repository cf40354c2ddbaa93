import { Hono } from 'hono';
import { formatDay } from '../core/data/frame.ts';
import type { Scorer } from '../core/scoring/scorer.ts';
import { type PlainError, StudioError, toPlainError } from '../core/shared/errors.ts';
import { problem } from './problems.ts';
import { readJsonBody } from './request-body.ts';
import { securityHeaders } from './security-headers.ts';

export interface ApiOptions {
  /** The scorer that answers now; undefined or a thrown error where there is none. */
  readonly scorer: () => Scorer | undefined;
  /** Host names the API answers to, without port. A page may call it from the very origin it is served from only. */
  readonly hosts?: readonly string[];
  /** Told of every error that is not the sender's. */
  readonly report?: (error: unknown) => void;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The HTTP API: one Request → Response program; hosts are adapters. Errors are problem documents (RFC 9457). */
export function createApi({ scorer, hosts = loopback, report }: ApiOptions): {
  fetch(request: Request): Promise<Response>;
} {
  const current = (): Scorer => {
    const found = scorer();
    if (found) return found;
    throw new StudioError('study.not-ready', 'There is no bundle to score with.', {
      fix: 'Run npm run demo, or save a bundle in the studio as artifacts/bundles/boosting.zip.',
    });
  };

  const app = new Hono();
  app.get('/', () => health(current()));
  app.get('/health', () => health(current()));
  app.post('/predict', async ({ req }) => predict(current(), await readJsonBody(req.raw)));
  app.all('/', () => wrongMethod('GET, HEAD'));
  app.all('/health', () => wrongMethod('GET, HEAD'));
  app.all('/predict', () => wrongMethod('POST'));
  app.notFound(({ req }) => refusal(404, `There is nothing at ${req.path.slice(0, 80)}.`));
  app.onError((error) => {
    const plain = toPlainError(error);
    if (plain.code === 'internal') report?.(error);
    return problem(plain);
  });

  return {
    async fetch(request) {
      const response = stranger(request, hosts) ?? (await app.fetch(request));
      for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
      response.headers.set('Cache-Control', 'no-store');
      return response;
    },
  };
}

/** Whether the API answers this path, so that a host knows what to pass on. `/` is a page to those who accept one. */
export function isApiRequest(path: string, accept: string | undefined): boolean {
  return path === '/health' || path === '/predict' || (path === '/' && !accept?.includes('text/html'));
}

function health({ bundle }: Scorer): Response {
  const { manifest, asOf } = bundle;
  return json({
    status: 'ok',
    model_version: manifest.modelVersion,
    model_kind: manifest.kind,
    study: manifest.name,
    as_of: asOf === undefined ? null : formatDay(asOf),
  });
}

function predict(scorer: Scorer, customer: unknown): Response {
  const { results, findings } = scorer.scoreCustomers([customer]);
  const told = (level: string) =>
    findings.filter((finding) => finding.level === level).map(({ pointer, detail }) => ({ pointer, detail }));
  const [result] = results;
  if (result) return json({ ...result, findings: told('note') });
  const errors = told('refused');
  const message = `The customer cannot be scored: ${errors.length === 1 ? 'one field is' : `${errors.length} fields are`} missing or unusable.`;
  return problem({ code: 'request.invalid', message }, { status: 422, errors });
}

function json(body: unknown): Response {
  return new Response(`${JSON.stringify(body)}\n`, { headers: { 'Content-Type': 'application/json' } });
}

function wrongMethod(allow: string): Response {
  return refusal(405, `This path answers to ${allow} only.`, { Allow: allow });
}

function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  const error: PlainError = { code: 'request.invalid', message };
  return problem(error, { status, headers });
}

/**
 * Refuses who has no business here: a host name that is not ours (a name rebound to this machine by DNS) and a page of
 * another origin, including another port of this machine.
 */
function stranger(request: Request, hosts: readonly string[]): Response | undefined {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
  if (name === undefined || !hosts.includes(name)) {
    return refusal(403, `The host "${host.slice(0, 80)}" is not served here.`);
  }
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site') ?? 'none';
  const ownOrigin = origin === null || origin === `http://${host}` || origin === `https://${host}`;
  if (!ownOrigin || (site !== 'none' && site !== 'same-origin')) {
    return refusal(403, 'Pages of another origin may not call this API.');
  }
  return undefined;
}
