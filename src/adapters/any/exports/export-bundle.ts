import { cellAt, type Column, columnLength, type Frame } from '../../../core/data/frame.ts';
import { makeSampleRows, type SampleRows, sampleRowCount } from '../../../core/scoring/exports/certificate.ts';
import { onnxModel } from '../../../core/scoring/exports/onnx-model.ts';
import { dbtModel, scoringSql } from '../../../core/scoring/exports/sql.ts';
import type { SqlDialectName } from '../../../core/scoring/exports/sql-dialect.ts';
import { verifyOnnx, verifySql } from '../../../core/scoring/exports/verify-scripts.ts';
import type { Scorer } from '../../../core/scoring/scorer.ts';
import { javascriptModule } from './javascript.ts';
import { writeOnnx } from './onnx.ts';

export const exportFormats = ['onnx', 'sql', 'dbt', 'javascript'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly dialect: SqlDialectName;
  readonly table: string;
  readonly id: string;
  readonly rows?: number;
}

/** The files of an export: the model, made-up customers with the studio's scores, and what verifies one by the other. */
export function exportBundle(scorer: Scorer, options: ExportOptions): Record<string, string | Uint8Array<ArrayBuffer>> {
  const { bundle } = scorer;
  const { format, dialect, table, id, rows = sampleRowCount } = options;
  const sample = makeSampleRows(scorer, rows);
  switch (format) {
    case 'onnx':
      return {
        'model.onnx': writeOnnx(onnxModel(bundle)),
        'sample.json': sampleJson(scorer, sample, { features: columnsOf(sample.features) }),
        'verify.py': verifyOnnx,
      };
    case 'sql':
      return {
        'score.sql': scoringSql(bundle, { dialect, table, id }),
        'sample.json': sampleJson(scorer, sample, { id, customers: typedColumns(sample.customers) }),
        'verify.py': verifySql,
      };
    case 'dbt':
      return dbtModel(bundle, dialect, table, id);
    case 'javascript':
      return {
        'score.mjs': javascriptModule(bundle),
        'sample.json': sampleJson(scorer, sample, { customers: sample.records }),
      };
  }
}

function sampleJson({ bundle }: Scorer, { propensity, probability }: SampleRows, input: object): string {
  const { manifest, cutoffs } = bundle;
  const scores = { propensity: [...propensity], probability: [...probability] };
  return `${JSON.stringify({ modelVersion: manifest.modelVersion, cutoffs, ...input, ...scores })}\n`;
}

function columnsOf({ columns }: Frame): Record<string, readonly unknown[]> {
  return Object.fromEntries(columns.map((column) => [column.name, cellsOf(column)]));
}

function typedColumns({ columns }: Frame): Record<string, readonly [string, readonly unknown[]]> {
  return Object.fromEntries(columns.map((column) => [column.name, [column.kind, cellsOf(column)] as const]));
}

function cellsOf(column: Column): unknown[] {
  return Array.from({ length: columnLength(column) }, (_, row) => cellAt(column, row));
}
