import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { unzipFiles } from '../adapters/any/zip.ts';
import { armOf, type Experiment } from '../core/decisions/experiment.ts';
import { canonicalJson } from '../core/scoring/canonical-json.ts';
import { readBundle } from '../core/scoring/read-bundle.ts';
import { type CustomerScore, createScorer, type Scorer } from '../core/scoring/scorer.ts';
import { StudioError, toPlainError } from '../core/shared/errors.ts';
import { createDriftWindow, type DriftWindow } from './drift-window.ts';
import { type ApiRequest, jsonReply, type Reply } from './exchange.ts';
import type { Lineup, ServedModel } from './lineup.ts';
import { problem, refusal } from './problems.ts';

/** Larger than any bundle: what is larger is not even read. */
const mostBytes = 256 * 1024 * 1024;

/** The bundle files that answer, by the role they have. */
export interface ModelFiles {
  readonly default: string;
  /** Answers the experiment's share of customers. */
  readonly challenger?: { readonly path: string; readonly experiment: Experiment };
  /** Scores everybody after the answer has gone; nobody sees what it says but the metrics. */
  readonly shadow?: string;
}

type ModelId = keyof ModelFiles;

export interface ServedModels {
  lineup(): Lineup;
  /** POST /model/reload: the old scorer goes on answering until the new one has been checked whole, and for good if it fails. */
  reload(body: unknown, request: ApiRequest): Promise<Reply>;
  /** How the last customers compare with those the default model was made of; undefined without a reference window. */
  drift(): DriftWindow | undefined;
}

export interface ServeOptions {
  readonly log: (event: string, facts: object) => void;
  /** What the shadow would have said, beside what was said. */
  readonly onShadow?: (said: CustomerScore, shadow: CustomerScore | undefined) => void;
}

/** Reads the bundles, their golden rows scored again; throws what is wrong with one. */
export function serveModels(files: ModelFiles, { log, onShadow }: ServeOptions): ServedModels {
  const paths = new Map<ModelId, string>([['default', files.default]]);
  if (files.challenger) paths.set('challenger', files.challenger.path);
  if (files.shadow !== undefined) paths.set('shadow', files.shadow);
  const loaded = new Map<ModelId, Loaded>();
  for (const [id, path] of paths) loaded.set(id, load(path));
  const driftOf = ({ scorer }: Loaded): DriftWindow | undefined => {
    try {
      return createDriftWindow(scorer.bundle);
    } catch (error) {
      log('no drift window', { detail: toPlainError(error).message });
      return undefined;
    }
  };
  let drift = driftOf(loaded.get('default')!);
  let lineup = lineUp();
  let isReloading = false;

  function lineUp(): Lineup {
    const main = loaded.get('default') as Loaded;
    const challenger = loaded.get('challenger');
    const shadow = loaded.get('shadow');
    const experiment = files.challenger?.experiment;
    const share = experiment && challenger ? experiment.share : 0;
    const window = drift;
    const models: [ServedModel, ...ServedModel[]] = [{ id: 'default', share: 1 - share, ...main }];
    if (challenger) models.push({ id: 'challenger', share, ...challenger });
    if (shadow) models.push({ id: 'shadow', share: 0, ...shadow });
    return {
      models,
      ...(experiment && challenger ? { scorerFor: (record) => armFor(record, experiment, main, challenger) } : {}),
      observe(scorer, records, results, { features }) {
        if (scorer === main.scorer) window?.observe(features, results);
        if (shadow) setImmediate(() => compareShadow(shadow.scorer, records, results));
      },
    };
  }

  function compareShadow(
    shadow: Scorer,
    records: readonly unknown[],
    results: readonly (CustomerScore | undefined)[],
  ): void {
    const said = shadow.scoreCustomers(records).results;
    results.forEach((result, i) => result && onShadow?.(result, said[i]));
  }

  return {
    lineup: () => lineup,
    drift: () => drift,
    async reload(body, request) {
      const asked = readReload(body, [...paths.keys()]);
      if ('status' in asked) return asked;
      const { id, allowSchemaChange } = asked;
      const current = (): Scorer => loaded.get(id)!.scorer;
      const before = current().bundle.manifest.modelVersion;
      const wanted = request.headers.get('if-match');
      if (wanted !== null && wanted !== `"${before}"`) return refusal(412, `The model that answers is ${before}.`);
      if (isReloading) return refusal(409, 'A bundle is being read again already.');
      isReloading = true;
      try {
        // A turn of the event loop, so that of two reloads sent at once the second finds the first.
        await new Promise((resume) => setImmediate(resume));
        const next = load(paths.get(id) as string);
        if (!allowSchemaChange && fieldsOf(next.scorer) !== fieldsOf(current())) {
          return refusal(
            409,
            'The new bundle asks for other fields of a customer. Send allow_schema_change to accept that.',
          );
        }
        loaded.set(id, next);
        if (id === 'default') drift = driftOf(next);
        lineup = lineUp();
      } catch (error) {
        const plain = toPlainError(error);
        log('reload failed', { model: id, code: plain.code, detail: plain.message, model_version: before });
        return problem(plain, { status: 422 });
      } finally {
        isReloading = false;
      }
      const after = current().bundle.manifest.modelVersion;
      log('reloaded', { model: id, before, model_version: after });
      return jsonReply({ status: 'ok', model: id, model_version: after, before }, { ETag: `"${after}"` });
    },
  };
}

interface Loaded {
  readonly scorer: Scorer;
  readonly loadedAt: number;
}

function load(path: string): Loaded {
  return { scorer: readScorer(path), loadedAt: Date.now() / 1000 };
}

/** Customers without an id are the champion's: nobody could say later which arm they were in. */
function armFor(record: unknown, experiment: Experiment, main: Loaded, challenger: Loaded): Scorer {
  const id = main.scorer.idOf(record);
  return id !== null && armOf(id, experiment) === 'challenger' ? challenger.scorer : main.scorer;
}

/** A model is asked for by its id, never by a path. */
function readReload(
  body: unknown,
  ids: readonly ModelId[],
): { readonly id: ModelId; readonly allowSchemaChange: boolean } | Reply {
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
  const id = ids.find((each) => each === model);
  return id ? { id, allowSchemaChange } : refusal(404, 'There is no model of that id; GET /models lists them.');
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
