import type { Reply } from './exchange.ts';
import type { Dialect } from './routes.ts';

/** A refusal in the shape that callers of somebody else's protocol read; every other answer as it is. */
export function inDialect(dialect: Dialect | undefined, reply: Reply): Reply {
  if (!dialect || reply.status < 400 || typeof reply.body !== 'string') return reply;
  const {
    detail,
    fix,
    errors = [],
  } = JSON.parse(reply.body) as {
    readonly detail: string;
    readonly fix?: string;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
  const message = [detail, ...errors.slice(0, 10).map((each) => `${each.pointer}: ${each.detail}`), fix ?? []]
    .flat()
    .join(' ');
  const body = dialect === 'open-inference' ? { error: message } : { error_code: mlflowCode(reply.status), message };
  return {
    status: reply.status,
    headers: { ...reply.headers, 'Content-Type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  };
}

/** MLflow's own names (databricks.proto). */
function mlflowCode(status: number): string {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'PERMISSION_DENIED';
  if (status === 404) return 'ENDPOINT_NOT_FOUND';
  if (status === 429) return 'REQUEST_LIMIT_EXCEEDED';
  if (status === 503) return 'TEMPORARILY_UNAVAILABLE';
  return status >= 500 ? 'INTERNAL_ERROR' : 'BAD_REQUEST';
}
