/** Every way the product can refuse. A new code does not compile until each face (page, HTTP, terminal) has words for it. */
export const errorCodes = [
  'data.empty',
  'data.encoding',
  'data.format',
  'data.header',
  'data.ragged-row',
  'data.unterminated-quote',
  'data.too-large',
  'data.missing-column',
  'data.type',
  'data.label',
  'data.date',
  'data.split',
  'parameters.invalid',
  'recipe.invalid',
  'model.not-trained',
  'model.format',
  'model.numeric',
  'bundle.format',
  'bundle.integrity',
  'bundle.version',
  'request.invalid',
  'request.too-large',
  'request.media-type',
  'server.busy',
  'study.not-ready',
  'job.cancelled',
  'job.worker-lost',
  'kernel.unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Where in the input the trouble lies. Rows and columns are 1-based, as a person counts them (the header is row 1). */
export interface ErrorPlace {
  readonly file?: string;
  readonly row?: number;
  readonly column?: string | number;
  readonly byte?: number;
  /** JSON pointer or dotted path of a field, e.g. "/age" or "boosting.num_leaves". */
  readonly field?: string;
}

export interface ErrorDetails {
  readonly where?: ErrorPlace;
  /** What a person can do about it: one sentence. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/** The one error of the product: a code, what was expected and found, where, and how to mend it. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly where: ErrorPlace | undefined;
  readonly fix: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'StudioError';
    this.code = code;
    this.where = details.where;
    this.fix = details.fix;
  }
}

/** The error as plain data, for worker messages, HTTP bodies and logs. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where?: ErrorPlace;
  readonly fix?: string;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof StudioError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.where ? { where: error.where } : {}),
      ...(error.fix ? { fix: error.fix } : {}),
    };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

export function fromPlainError(plain: PlainError): StudioError {
  return new StudioError(plain.code, plain.message, {
    ...(plain.where ? { where: plain.where } : {}),
    ...(plain.fix ? { fix: plain.fix } : {}),
  });
}
