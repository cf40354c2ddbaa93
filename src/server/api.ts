import { formatDay } from '../core/data/frame.ts';
import type { CustomerScore, Scorer } from '../core/scoring/scorer.ts';
import { StudioError, toPlainError } from '../core/shared/errors.ts';
import { type BatchLimits, defaultBatchLimits, predictBatch } from './batch.ts';
import { createScoreAll } from './answers.ts';
import { docsPage } from './docs-page.ts';
import type { DriftWindow } from './drift-window.ts';
import { type Lineup, type ServedModel } from './lineup.ts';
import { type ApiRequest, jsonReply as json, type Reply, splitUrl, textReply, toResponse } from './exchange.ts';
import { createMetrics, type Metrics, metricsType } from './metrics.ts';
import { openApi } from './openapi.ts';
import { invocations } from './mlflow.ts';
import { openInference } from './open-inference.ts';
import { explain, predict } from './predict.ts';
import { problem, refusal } from './problems.ts';
import { inDialect } from './dialects.ts';
import { readJsonBody } from './request-body.ts';
import { findPlace } from './router.ts';
import type { Route, RouteName } from './routes.ts';
import { originHeaders, preflight, stranger } from './stranger.ts';

export interface ApiOptions {
  /** The scorer that answers now, where there is one model; undefined or a thrown error where there is none. */
  readonly scorer?: () => Scorer | undefined;
  /** The models that answer now, where there may be several; in place of `scorer`. */
  readonly lineup?: () => Lineup;
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
  /** How the last customers compare with those of the training. */
  readonly drift?: () => DriftWindow | undefined;
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
  const { hosts = loopback, origins = [], report, metrics = createMetrics(), admit, reload } = options;
  const limits = { ...defaultBatchLimits, ...options.limits };
  const pause = options.pause ?? (() => new Promise<void>((resume) => setTimeout(resume, 0)));
  const lineup = (): Lineup => {
    if (options.lineup) return options.lineup();
    const found = options.scorer?.();
    if (found) return { models: [{ id: 'default', scorer: found, share: 1 }] };
    throw new StudioError('study.not-ready', 'There is no bundle to score with.', {
      fix: 'Run npm run demo, or save a bundle in the studio as artifacts/bundles/boosting.zip.',
    });
  };
  const current = (): Scorer => lineup().models[0].scorer;
  const orNone = (): Scorer | undefined => {
    try {
      return current();
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

  const scoreAll = createScoreAll(count, pause);

  const answers: Readonly<Record<RouteName, Answerer>> = {
    root: () => health(current()),
    health: () => health(current()),
    ready: () => (options.isDraining?.() ? stopping() : ready(current())),
    models: () => json(lineup().models.map(describe)),
    async predict(request, { query }) {
      const answering = lineup();
      return predict(answering, await readJsonBody(request), query, count);
    },
    async explain(request, { query }) {
      const answering = lineup();
      return explain(answering, await readJsonBody(request), query, count);
    },
    batch: (request, { done = () => undefined }) => predictBatch(request, { lineup, limits, count, pause, done }),
    async reload(request) {
      if (!reload) return refusal(404, 'This host reads a changed bundle by itself.');
      return reload(await readJsonBody(request), request);
    },
    metrics: () => textReply(metrics.render(orNone() ? lineup().models : [], options.drift?.()), metricsType),
    openapi: () => json(openApi(orNone(), options.needsKey ?? false)),
    docs: () => textReply(docsPage(orNone()), 'text/html; charset=utf-8'),
    v2Server: openInference.server,
    v2Live: openInference.live,
    v2Ready() {
      current();
      return options.isDraining?.() ? stopping() : openInference.ready();
    },
    v2Model: (_, { parameters }) => openInference.model(lineup(), parameters),
    v2ModelReady: (_, { parameters }) => openInference.modelReady(lineup(), parameters),
    async v2Infer(request, { parameters }) {
      const answering = lineup();
      return openInference.infer(answering, parameters, await readJsonBody(request, limits.arrayBytes), scoreAll);
    },
    ping: () => json({}),
    invocations: (request) => invocations(request, lineup(), scoreAll, limits),
  };

  /** `seen` is told the route, for the metrics. */
  async function dispatch(request: ApiRequest, address: string, seen: (path: string) => void): Promise<Reply> {
    const { path, query } = splitUrl(request.url);
    const place = findPlace(path);
    if (!place) return refusal(404, `There is nothing at ${path.slice(0, 80)}.`);
    seen(place.path);
    const route = place.byMethod.get(request.method);
    if (!route) return refusal(405, `This path answers to ${place.allow} only.`, { Allow: place.allow });
    const asked = { query, parameters: place.parameters };
    let done: (() => void) | undefined;
    try {
      const admission: Admission = admit ? await admit(route, request, address) : {};
      if (admission.refused) return inDialect(route.dialect, admission.refused);
      // A batch is done when its last row is sent, and says so itself.
      if (route.name === 'batch') return await answers.batch(request, { ...asked, done: admission.done });
      done = admission.done;
      return inDialect(route.dialect, await answers[route.name](request, asked));
    } catch (error) {
      const plain = toPlainError(error);
      if (plain.code === 'internal') report?.(error);
      return inDialect(route.dialect, problem(plain));
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

interface Asked {
  readonly query: URLSearchParams;
  readonly parameters: Readonly<Record<string, string>>;
  readonly done?: (() => void) | undefined;
}

type Answerer = (request: ApiRequest, asked: Asked) => Reply | Promise<Reply>;

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

function describe({ id, scorer: { bundle, needed }, share }: ServedModel): unknown {
  const { manifest, schema, cutoffs, asOf } = bundle;
  return {
    id,
    share,
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
