import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { exportBundle, type ExportFormat, exportFormats } from '../../src/adapters/any/exports/export-bundle.ts';
import { unzipFiles } from '../../src/adapters/any/zip.ts';
import {
  type Certificate,
  certify,
  makeSampleRows,
  sampleRowCount,
} from '../../src/core/scoring/exports/certificate.ts';
import { type SqlDialectName, sqlDialects } from '../../src/core/scoring/exports/sql-dialect.ts';
import { readBundle } from '../../src/core/scoring/read-bundle.ts';
import { createScorer, type Scorer } from '../../src/core/scoring/scorer.ts';
import { type Command, required, UsageError, wholeNumber } from './command.ts';

export const command: Command = {
  usage: `npm run propensity -- export --model BUNDLE.zip --to ${exportFormats.join('|')} --output DIR
  --dialect  of SQL: ${Object.keys(sqlDialects).join(', ')} (duckdb)
  --table    the table of customers that the query reads (customers)
  --id       its column that tells customers apart (customer_id)
  --python   an interpreter that has the engine: verifies the export at once and writes certificate.json
  --rows     made-up customers that it is verified on (${sampleRowCount})`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        model: { type: 'string' },
        to: { type: 'string' },
        output: { type: 'string' },
        dialect: { type: 'string', default: 'duckdb' },
        table: { type: 'string', default: 'customers' },
        id: { type: 'string', default: 'customer_id' },
        python: { type: 'string' },
        rows: { type: 'string', default: String(sampleRowCount) },
      },
    });
    const certificate = await exportTo(required(values.output, 'output'), {
      model: required(values.model, 'model'),
      format: oneOf(required(values.to, 'to'), exportFormats, 'to'),
      dialect: oneOf(values.dialect, Object.keys(sqlDialects) as SqlDialectName[], 'dialect'),
      table: values.table,
      id: values.id,
      python: values.python,
      rows: wholeNumber(values.rows, 'rows', 1, 1_000_000),
    });
    console.error(certificate ? told(certificate) : `Not verified here: run verify.py in ${values.output}.`);
  },
};

interface ExportRequest {
  readonly model: string;
  readonly format: ExportFormat;
  readonly dialect: SqlDialectName;
  readonly table: string;
  readonly id: string;
  readonly python: string | undefined;
  readonly rows: number;
}

/** Writes the export and, where its engine is here, the certificate that it was run. */
export async function exportTo(folder: string, request: ExportRequest): Promise<Certificate | undefined> {
  const scorer = createScorer(readBundle(unzipFiles(await readFile(request.model))));
  for (const [name, contents] of Object.entries(exportBundle(scorer, request))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
  const certificate = await verify(folder, scorer, request);
  if (certificate) await writeFile(join(folder, 'certificate.json'), `${JSON.stringify(certificate, null, 1)}\n`);
  return certificate;
}

async function verify(folder: string, scorer: Scorer, request: ExportRequest): Promise<Certificate | undefined> {
  const { format, python, rows } = request;
  if (format === 'javascript') {
    const module = (await import(pathToFileURL(join(folder, 'score.mjs')).href)) as {
      score(customer: object): { propensity_score: number; conversion_probability: number };
    };
    const sample = makeSampleRows(scorer, rows);
    const scores = sample.records.map((record) => module.score(record));
    return certify(scorer, `Node ${process.versions.node}`, sample, {
      propensity: scores.map((score) => score.propensity_score),
      probability: scores.map((score) => score.conversion_probability),
    });
  }
  if (python === undefined) return undefined;
  const { status, stdout, stderr } = spawnSync(python, [join(folder, 'verify.py')], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`The export could not be run: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Certificate;
}

function told(certificate: Certificate): string {
  const { engine, rows, worstPropensityDifference: worst, rowsChangingSideAtTheCut: sides } = certificate;
  return `${engine} scores ${rows} made-up customers as the studio does: worst difference ${worst.toExponential(1)}, ${sides} change side at the cut.`;
}

function oneOf<T extends string>(value: string, known: readonly T[], flag: string): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${flag} is "${value}", expected one of ${known.join(', ')}.`);
  return found;
}
