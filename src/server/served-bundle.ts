import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { unzipFiles } from '../adapters/any/zip.ts';
import { canonicalJson } from '../core/scoring/canonical-json.ts';
import { readBundle } from '../core/scoring/read-bundle.ts';
import { createScorer, type Scorer } from '../core/scoring/scorer.ts';
import { StudioError, toPlainError } from '../core/shared/errors.ts';
import { type ApiRequest, jsonReply, type Reply } from './exchange.ts';
import { problem, refusal } from './problems.ts';

/** Larger than any bundle: what is larger is not even read. */
const mostBytes = 256 * 1024 * 1024;

/** One bundle file that answers, and can be read again while it does. */
export interface ServedBundle {
  scorer(): Scorer;
  /** Seconds since 1970. */
  loadedAt(): number;
  /** POST /model/reload: the old scorer goes on answering until the new one has been checked whole, and for good if it fails. */
  reload(body: unknown, request: ApiRequest): Promise<Reply>;
}

/** Reads the bundle; throws what is wrong with it. */
export function serveBundle(path: string, log: (event: string, facts: object) => void): ServedBundle {
  let scorer = readScorer(path);
  let loadedAt = Date.now() / 1000;
  let isReloading = false;
  return {
    scorer: () => scorer,
    loadedAt: () => loadedAt,
    async reload(body, request) {
      const asked = readReload(body);
      if ('status' in asked) return asked;
      const before = scorer.bundle.manifest.modelVersion;
      const wanted = request.headers.get('if-match');
      if (wanted !== null && wanted !== `"${before}"`) return refusal(412, `The model that answers is ${before}.`);
      if (isReloading) return refusal(409, 'The bundle is being read again already.');
      isReloading = true;
      try {
        // A turn of the event loop, so that of two reloads sent at once the second finds the first.
        await new Promise((resume) => setImmediate(resume));
        const next = readScorer(path);
        if (!asked.allowSchemaChange && fieldsOf(next) !== fieldsOf(scorer)) {
          return refusal(
            409,
            'The new bundle asks for other fields of a customer. Send allow_schema_change to accept that.',
          );
        }
        scorer = next;
        loadedAt = Date.now() / 1000;
      } catch (error) {
        const plain = toPlainError(error);
        log('reload failed', { code: plain.code, detail: plain.message, model_version: before });
        return problem(plain, { status: 422 });
      } finally {
        isReloading = false;
      }
      const after = scorer.bundle.manifest.modelVersion;
      log('reloaded', { before, model_version: after });
      return jsonReply({ status: 'ok', model_version: after, before }, { ETag: `"${after}"` });
    },
  };
}

/** A model is asked for by its id, never by a path. */
function readReload(body: unknown): { readonly allowSchemaChange: boolean } | Reply {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return refusal(400, 'Send a JSON object, {} will do.');
  const {
    model = 'default',
    allow_schema_change: allowSchemaChange = false,
    ...others
  } = body as Record<string, unknown>;
  const errors = Object.keys(others).map((name) => ({
    pointer: `/${name.slice(0, 60)}`,
    detail: 'There is no such field.',
  }));
  if (typeof allowSchemaChange !== 'boolean')
    errors.push({ pointer: '/allow_schema_change', detail: 'Expected true or false.' });
  if (errors.length > 0 || typeof allowSchemaChange !== 'boolean') {
    return problem({ code: 'request.invalid', message: 'The request cannot be used.' }, { status: 422, errors });
  }
  return model === 'default'
    ? { allowSchemaChange }
    : refusal(404, 'There is no model of that id; GET /models lists them.');
}

function readScorer(path: string): Scorer {
  // Opened once, then size and bytes are of the very file that was opened.
  const file = openFile(path);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > mostBytes) {
      throw new StudioError('bundle.format', "The bundle is no plain file of a bundle's size.", {
        fix: 'Name a bundle that the studio saved (a .zip).',
      });
    }
    return createScorer(readBundle(unzipFiles(readFileSync(file))));
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    // Opening a pipe must not wait for a writer.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw new StudioError('bundle.format', 'The bundle cannot be opened.', {
      fix: 'Name a bundle that the studio saved: --bundle artifacts/bundles/boosting.zip.',
      cause,
    });
  }
}

/** What a customer needs to bring, as one text. */
function fieldsOf({ bundle, needed }: Scorer): string {
  const columns = bundle.schema.columns.filter(({ name }) => needed.has(name));
  return canonicalJson(columns.map(({ name, kind, optional, integer }) => ({ name, kind, optional, integer })));
}
