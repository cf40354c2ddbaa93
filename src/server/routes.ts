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
  /** Who made up the route, where it was not us: errors then have that one's shape. */
  readonly dialect?: Dialect;
}

/** Open Inference Protocol v2 (KServe, Triton), MLflow's scoring server. */
export type Dialect = 'open-inference' | 'mlflow';

export type RouteName =
  | 'root'
  | 'health'
  | 'ready'
  | 'models'
  | 'predict'
  | 'batch'
  | 'explain'
  | 'reload'
  | 'metrics'
  | 'openapi'
  | 'docs'
  | 'v2Server'
  | 'v2Live'
  | 'v2Ready'
  | 'v2Model'
  | 'v2ModelReady'
  | 'v2Infer'
  | 'ping'
  | 'invocations';

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
    summary: 'Scores one customer; with ?reasons=3, up to so many reasons for and against.',
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
    path: '/explain',
    name: 'explain',
    scope: 'predict',
    summary:
      'Scores one customer and says what each raw column and each feature adds to the number shown: ?unit=probability, propensity or log-odds.',
    takes: [json],
    gives: [json],
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
  ...openInference('/v2', 'v2Server', 'open', 'What serves here, in the words of the Open Inference Protocol.'),
  ...openInference('/v2/health/live', 'v2Live', 'open', 'Whether the process lives.'),
  ...openInference('/v2/health/ready', 'v2Ready', 'open', 'Whether predictions may be sent here.'),
  ...['/v2/models/:model', '/v2/models/:model/versions/:version'].flatMap((path) => [
    ...openInference(path, 'v2Model', 'predict', 'The inputs and outputs of a model, as tensors.'),
    ...openInference(`${path}/ready`, 'v2ModelReady', 'predict', 'Whether this model answers.'),
    {
      method: 'POST',
      path: `${path}/infer`,
      name: 'v2Infer',
      scope: 'predict',
      summary: 'Scores customers given as one tensor per field.',
      takes: [json],
      gives: [json],
      dialect: 'open-inference',
    } as const,
  ]),
  {
    method: 'GET',
    path: '/ping',
    name: 'ping',
    scope: 'open',
    summary: "MLflow's health.",
    gives: [json],
    dialect: 'mlflow',
  },
  {
    method: 'POST',
    path: '/invocations',
    name: 'invocations',
    scope: 'predict',
    summary: "MLflow's scoring: dataframe_split, dataframe_records, instances or inputs in JSON, or CSV.",
    takes: [json, 'text/csv'],
    gives: [json],
    dialect: 'mlflow',
  },
];

function openInference(path: string, name: RouteName, scope: Scope, summary: string): readonly Route[] {
  return [{ method: 'GET', path, name, scope, summary, gives: [json], dialect: 'open-inference' }];
}
