import { formatDay } from '../core/data/frame.ts';
import type { CustomerScore, Scorer } from '../core/scoring/scorer.ts';
import { StudioError, toPlainError } from '../core/shared/errors.ts';
import { type BatchLimits, defaultBatchLimits, predictBatch } from './batch.ts';
import { docsPage } from './docs-page.ts';
import { type ApiRequest, jsonReply as json, type Reply, splitUrl, textReply, toResponse } from './exchange.ts';
import { createMetrics, type Metrics, metricsType } from './metrics.ts';
import { openApi } from './openapi.ts';
import { fieldProblems, problem, refusal } from './problems.ts';
import { readJsonBody } from './request-body.ts';
import { createRouter } from './router.ts';
import type { Route, RouteName } from './routes.ts';
import { originHeaders, preflight, stranger } from './stranger.ts';

export interface ApiOptions {
  /** The scorer that answers now; undefined or a thrown error where there is none. */
  readonly scorer: () => Scorer | undefined;
  /** Host names the API answers to, without port. */
  readonly hosts?: readonly string[];
  /** Origins of pages that may call, beside the very origin the API is served from: "https://shop.example". */
  readonly origins?: readonly string[];
  /** Told of every error that is not the sender's. */
  readonly report?: (error: unknown) => void;
  readonly metrics?: Metrics;
  readonly limits?: Partial<BatchLimits>;
  /** Says no before anything of the body is read: keys, rates, a full queue. `done` is called when the answer is made. */
  readonly admit?: (route: Route, request: ApiRequest, address: string) => Admission | Promise<Admission>;
  /** Whether callers need a key, for the documentation. */
  readonly needsKey?: boolean;
  /** Reads a bundle again; absent where the host does so by itself. */
  readonly reload?: (body: unknown, request: ApiRequest) => Promise<Reply>;
  readonly isDraining?: () => boolean;
  /** Seconds since 1970 at which the model that answers was loaded. */
  readonly loadedAt?: () => number | undefined;
  /** Lets other requests in during a long batch. */
  readonly pause?: () => Promise<void>;
}

export interface Admission {
  /** The answer to who is not let in. */
  readonly refused?: Reply;
  readonly done?: () => void;
}

export interface Api {
  /** `address`: where the request comes from, as the host knows it. */
  answer(request: ApiRequest, address?: string): Promise<Reply>;
  /** The same for hosts that speak fetch. */
  fetch(request: Request, address?: string): Promise<Response>;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The HTTP API: one Request → Response program; hosts are adapters. Errors are problem documents (RFC 9457). */
export function createApi(options: ApiOptions): Api {
  const { scorer, hosts = loopback, origins = [], report, metrics = createMetrics(), admit, reload } = options;
  const limits = { ...defaultBatchLimits, ...options.limits };
  const pause = options.pause ?? (() => new Promise<void>((resume) => setTimeout(resume, 0)));
  const current = (): Scorer => {
    const found = scorer();
    if (found) return found;
    throw new StudioError('study.not-ready', 'There is no bundle to score with.', {
      fix: 'Run npm run demo, or save a bundle in the studio as artifacts/bundles/boosting.zip.',
    });
  };
  const orNone = (): Scorer | undefined => {
    try {
      return scorer();
    } catch {
      return undefined;
    }
  };
  const count = (results: readonly (CustomerScore | undefined)[]): void => {
    for (const result of results) {
      if (result) metrics.countPrediction(result.model_version, result.risk_category, result.propensity_score);
      else metrics.countRefusedCustomers(1);
    }
  };

  const answers: Readonly<Record<RouteName, Answerer>> = {
    root: () => health(current()),
    health: () => health(current()),
    ready: () => (options.isDraining?.() ? stopping() : ready(current())),
    models: () => json([describe(current())]),
    async predict(request) {
      const answering = current();
      return predict(answering, await readJsonBody(request), count);
    },
    batch: (request, done = () => undefined) => predictBatch(request, { scorer: current, limits, count, pause, done }),
    async reload(request) {
      if (!reload) return refusal(404, 'This host reads a changed bundle by itself.');
      return reload(await readJsonBody(request), request);
    },
    metrics: () => textReply(metrics.render(factsOf(orNone(), options.loadedAt?.())), metricsType),
    openapi: () => json(openApi(orNone(), options.needsKey ?? false)),
    docs: () => textReply(docsPage(orNone()), 'text/html; charset=utf-8'),
  };

  const find = createRouter();
  /** `seen` is told the route, for the metrics. */
  async function dispatch(request: ApiRequest, address: string, seen: (path: string) => void): Promise<Reply> {
    const { path } = splitUrl(request.url);
    const place = find(path);
    if (!place) return refusal(404, `There is nothing at ${path.slice(0, 80)}.`);
    seen(place.path);
    const route = place.byMethod.get(request.method);
    if (!route) return refusal(405, `This path answers to ${place.allow} only.`, { Allow: place.allow });
    const { refused, done }: Admission = admit ? await admit(route, request, address) : {};
    if (refused) return refused;
    // A batch is done when its last row is sent, and says so itself.
    if (route.name === 'batch') return answers.batch(request, done);
    try {
      return await answers[route.name](request);
    } finally {
      done?.();
    }
  }

  async function answer(request: ApiRequest, address = ''): Promise<Reply> {
    const started = performance.now();
    let route = 'none';
    let status = 500;
    metrics.inProgress++;
    try {
      const reply =
        stranger(request, hosts, origins) ??
        preflight(request, origins) ??
        (await dispatch(request, address, (path) => {
          route = path;
        }).catch((error: unknown) => {
          const plain = toPlainError(error);
          if (plain.code === 'internal') report?.(error);
          return problem(plain);
        }));
      status = reply.status;
      const headers = origins.length === 0 ? reply.headers : { ...reply.headers, ...originHeaders(request, origins) };
      return { status, headers, body: request.method === 'HEAD' ? null : reply.body };
    } finally {
      metrics.inProgress--;
      const method = knownMethods.has(request.method) ? request.method : 'other';
      metrics.countRequest(method, route, status, (performance.now() - started) / 1000);
    }
  }

  return { answer, fetch: async (request, address) => toResponse(await answer(request, address)) };
}

type Answerer = (request: ApiRequest, done?: () => void) => Reply | Promise<Reply>;

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function health({ bundle }: Scorer): Reply {
  const { manifest, asOf } = bundle;
  return json({
    status: 'ok',
    model_version: manifest.modelVersion,
    model_kind: manifest.kind,
    study: manifest.name,
    as_of: asOf === undefined ? null : formatDay(asOf),
  });
}

function ready({ bundle }: Scorer): Reply {
  return json({ status: 'ready', model_version: bundle.manifest.modelVersion });
}

function stopping(): Reply {
  return problem({ code: 'server.busy', message: 'The server is stopping.' }, { headers: { 'Retry-After': '5' } });
}

function describe({ bundle, needed }: Scorer): unknown {
  const { manifest, schema, cutoffs, asOf } = bundle;
  return {
    id: 'default',
    model_version: manifest.modelVersion,
    model_kind: manifest.kind,
    study: manifest.name,
    created_from: manifest.createdFrom,
    as_of: asOf === undefined ? null : formatDay(asOf),
    cut_offs: cutoffs,
    fields: schema.columns
      .filter(({ name }) => needed.has(name))
      .map(({ name, description, kind, unit, optional }) => ({
        name,
        description,
        kind,
        unit: unit ?? null,
        required: !optional,
      })),
  };
}

function factsOf(scorer: Scorer | undefined, loadedAt: number | undefined) {
  const manifest = scorer?.bundle.manifest;
  return manifest && { name: 'default', version: manifest.modelVersion, algorithm: manifest.kind, loadedAt };
}

function predict(
  scorer: Scorer,
  customer: unknown,
  count: (results: readonly (CustomerScore | undefined)[]) => void,
): Reply {
  const { results, findings } = scorer.scoreCustomers([customer]);
  count(results);
  const { notes, refused } = fieldProblems(findings, 1);
  const [result] = results;
  if (result) return json({ ...result, findings: notes[0] ?? [] });
  const errors = refused[0] ?? [];
  const message = `The customer cannot be scored: ${errors.length === 1 ? 'one field is' : `${errors.length} fields are`} missing or unusable.`;
  return problem({ code: 'request.invalid', message }, { status: 422, errors });
}
