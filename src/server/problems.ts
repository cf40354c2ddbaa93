import type { RecordFinding } from '../core/scoring/record-finding.ts';
import type { ErrorCode, PlainError } from '../core/shared/errors.ts';
import type { Reply } from './exchange.ts';

/** A field that was refused (RFC 9457, section 3: an extension member). */
export interface FieldProblem {
  /** JSON pointer into the request's body. */
  readonly pointer: string;
  readonly detail: string;
}

/** How each error is told over HTTP. */
const faces: Readonly<Record<ErrorCode, { readonly status: number; readonly title: string }>> = {
  'data.empty': { status: 422, title: 'No customers' },
  'data.encoding': { status: 422, title: 'Unreadable text' },
  'data.format': { status: 422, title: 'Unknown format' },
  'data.header': { status: 422, title: 'Unusable column names' },
  'data.ragged-row': { status: 422, title: 'Uneven rows' },
  'data.unterminated-quote': { status: 422, title: 'Unterminated quote' },
  'data.too-large': { status: 413, title: 'Too large' },
  'data.missing-column': { status: 422, title: 'Missing column' },
  'data.type': { status: 422, title: 'Wrong type' },
  'data.label': { status: 422, title: 'Unusable label' },
  'data.date': { status: 422, title: 'Unusable date' },
  'data.split': { status: 422, title: 'Unusable split' },
  'parameters.invalid': { status: 422, title: 'Invalid parameters' },
  'recipe.invalid': { status: 500, title: 'Invalid recipe' },
  'model.not-trained': { status: 503, title: 'No model' },
  'model.format': { status: 500, title: 'Unreadable model' },
  'model.numeric': { status: 500, title: 'Numeric failure' },
  'bundle.format': { status: 503, title: 'Unreadable bundle' },
  'bundle.integrity': { status: 503, title: 'Damaged bundle' },
  'bundle.version': { status: 503, title: 'Newer bundle' },
  'request.invalid': { status: 400, title: 'Invalid request' },
  'request.too-large': { status: 413, title: 'Request too large' },
  'request.media-type': { status: 415, title: 'Unsupported media type' },
  'server.busy': { status: 503, title: 'Busy' },
  'study.not-ready': { status: 503, title: 'No model to score with' },
  'job.cancelled': { status: 503, title: 'Stopped' },
  'job.worker-lost': { status: 503, title: 'Worker lost' },
  'kernel.unavailable': { status: 503, title: 'Kernel unavailable' },
  internal: { status: 500, title: 'Internal error' },
};

/** Findings of a scorer by customer: notes beside a score, refusals in place of one. Undefined where there are none. */
export function fieldProblems(
  findings: readonly RecordFinding[],
  customers: number,
): { readonly notes: (FieldProblem[] | undefined)[]; readonly refused: (FieldProblem[] | undefined)[] } {
  const notes = new Array<FieldProblem[] | undefined>(customers);
  const refused = new Array<FieldProblem[] | undefined>(customers);
  for (const { record, level, pointer, detail } of findings) {
    const into = level === 'note' ? notes : refused;
    (into[record] ??= []).push({ pointer, detail });
  }
  return { notes, refused };
}

/** Titles where the status says more than the code. */
const titles: Readonly<Record<number, string>> = {
  401: 'No valid key',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Wrong method',
  406: 'No acceptable media type',
  409: 'Conflict',
  412: 'Another version',
  422: 'Unusable fields',
  429: 'Too many requests',
};

export interface ProblemOptions {
  /** Where it differs from the code's own. */
  readonly status?: number;
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error as a problem document (RFC 9457). An internal error keeps its reasons to itself. */
export function problem(error: PlainError, options: ProblemOptions = {}): Reply {
  const face = faces[error.code];
  const status = options.status ?? face.status;
  const body = {
    type: `urn:propensity-studio:problem:${error.code}`,
    title: options.status === undefined ? face.title : (titles[status] ?? face.title),
    status,
    detail:
      status >= 500 && error.code === 'internal' ? 'Something went wrong here; it is not your request.' : error.message,
    code: error.code,
    ...(error.fix ? { fix: error.fix } : {}),
    ...(options.errors ? { errors: options.errors } : {}),
  };
  return {
    status,
    headers: { ...options.headers, 'Content-Type': 'application/problem+json' },
    body: `${JSON.stringify(body)}\n`,
  };
}

/** A refusal that is about the request's kind, place or sender rather than its fields. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return problem({ code: 'request.invalid', message }, { status, headers });
}
