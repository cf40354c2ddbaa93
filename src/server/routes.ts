/** Who may call a route where the host asks for keys: anybody, or the holder of a key with this scope. */
export type Scope = 'open' | 'predict' | 'metrics' | 'admin';

/** Everything the API answers to. What is not here is refused; OpenAPI, docs, keys and metrics follow from it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly name: RouteName;
  readonly scope: Scope;
  readonly summary: string;
  /** Media types of the request's body. */
  readonly takes?: readonly string[];
  /** Media types of the answer. */
  readonly gives: readonly string[];
}

export type RouteName =
  | 'root'
  | 'health'
  | 'ready'
  | 'models'
  | 'predict'
  | 'batch'
  | 'reload'
  | 'metrics'
  | 'openapi'
  | 'docs';

const json = 'application/json';
const batch = [json, 'application/x-ndjson', 'text/csv'];

export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    name: 'root',
    scope: 'open',
    summary: 'Health, unless the host serves a page there to those who accept text/html.',
    gives: [json],
  },
  {
    method: 'GET',
    path: '/health',
    name: 'health',
    scope: 'open',
    summary: 'Whether the process lives, and which model answers.',
    gives: [json],
  },
  {
    method: 'GET',
    path: '/ready',
    name: 'ready',
    scope: 'open',
    summary: 'Whether predictions may be sent here: a model is loaded, scores right, and the server is not stopping.',
    gives: [json],
  },
  {
    method: 'GET',
    path: '/models',
    name: 'models',
    scope: 'predict',
    summary: 'The models that answer: version, origin, cut-offs and the fields a customer needs.',
    gives: [json],
  },
  {
    method: 'POST',
    path: '/predict',
    name: 'predict',
    scope: 'predict',
    summary: 'Scores one customer.',
    takes: [json],
    gives: [json],
  },
  {
    method: 'POST',
    path: '/predict/batch',
    name: 'batch',
    scope: 'predict',
    summary:
      'Scores many customers, in the order sent: a JSON array whole, NDJSON and CSV as a stream. The answer has the type that Accept asks for, else the type sent. An unusable customer refuses an array, unless on_error=row; in a stream its own row tells.',
    takes: batch,
    gives: batch,
  },
  {
    method: 'POST',
    path: '/model/reload',
    name: 'reload',
    scope: 'admin',
    summary: 'Reads the bundle again, checks it, and answers with it from then on. Only where the host allows it.',
    takes: [json],
    gives: [json],
  },
  {
    method: 'GET',
    path: '/metrics',
    name: 'metrics',
    scope: 'metrics',
    summary: 'Counts and histograms in the text format of Prometheus.',
    gives: ['text/plain'],
  },
  {
    method: 'GET',
    path: '/openapi.json',
    name: 'openapi',
    scope: 'open',
    summary: 'This API as OpenAPI 3.1, with the fields of the model that answers.',
    gives: [json],
  },
  {
    method: 'GET',
    path: '/docs',
    name: 'docs',
    scope: 'open',
    summary: 'The same to read.',
    gives: ['text/html'],
  },
];

const paths = new Set(routes.map((route) => route.path));

/** Whether the API answers this path, so that a host knows what to pass on. `/` is a page to those who accept one. */
export function isApiRequest(path: string, accept: string | undefined): boolean {
  return paths.has(path) && (path !== '/' || !accept?.includes('text/html'));
}
