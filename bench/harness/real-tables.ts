import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildRfmTable } from '../../scripts/build-rfm-table.ts';
import { openTableFile } from '../../src/adapters/any/table-file.ts';
import { writeCsv } from '../../src/core/data/csv/write-csv.ts';
import { parseDay } from '../../src/core/data/dates.ts';
import type { RoleAssignment } from '../../src/core/data/roles.ts';

/** A public table given by its path, never part of the project. docs/benchmarks.md names sources and licences. */
export interface RealTable {
  readonly name: string;
  /** What its file's name begins with; .csv or .csv.gz. */
  readonly file: string;
  readonly label: string;
  readonly positive: string;
  readonly separator?: string;
  /** Ids, and what is known only after the outcome. */
  readonly exclude?: readonly string[];
  /** Guessed sensitive and therefore no feature by default; a feature here, so that both sides read the same columns. */
  readonly include?: readonly string[];
  /** Numbers among which the file has blanks that pandas would read as text. */
  readonly numeric?: readonly string[];
}

export const realTables: readonly RealTable[] = [
  { name: 'bank', file: 'bank-additional-full', label: 'y', positive: 'yes', separator: ';', exclude: ['duration'] },
  {
    name: 'telco',
    file: 'telco-customer-churn',
    label: 'Churn',
    positive: 'Yes',
    exclude: ['customerID'],
    include: ['gender'],
    numeric: ['TotalCharges'],
  },
  { name: 'coupon', file: 'in-vehicle-coupon', label: 'Y', positive: '1', include: ['gender'] },
  { name: 'online retail (RFM)', file: 'rfm', label: 'buys_again', positive: '1', exclude: ['customer_id'] },
];

/** Where each table lies: as published, or (RFM) built from `online_retail` into the folder `work`. */
export async function findRealTables(folder: string, work: string): Promise<Map<RealTable, string | undefined>> {
  const paths = new Map<RealTable, string | undefined>();
  for (const table of realTables) {
    paths.set(table, table.file === 'rfm' ? await buildRfm(folder, work) : findTable(folder, table.file));
  }
  return paths;
}

/** What both sides are told of a table's columns. */
export function rolesOf({ label, positive, exclude = [], include = [] }: RealTable): RoleAssignment {
  return {
    label: { column: label, positive },
    roles: {
      ...Object.fromEntries(exclude.map((name) => [name, 'ignore' as const])),
      ...Object.fromEntries(include.map((name) => [name, 'feature' as const])),
    },
  };
}

/** Why a table has no figures. */
export function whyNotThere({ file }: RealTable): string {
  return `no ${file === 'rfm' ? 'online_retail' : file}.csv or .csv.gz in the folder given`;
}

async function buildRfm(folder: string, work: string): Promise<string | undefined> {
  const source = findTable(folder, 'online_retail');
  if (!source) return undefined;
  const { frame } = await openTableFile(new Blob([readFileSync(source)]), basename(source));
  const path = join(work, 'rfm.csv');
  writeFileSync(path, writeCsv(buildRfmTable(frame, parseDay('2011-09-09'), 90)));
  return path;
}

function findTable(folder: string, name: string): string | undefined {
  const file = readdirSync(folder).find((each) => each === `${name}.csv` || each === `${name}.csv.gz`);
  return file && join(folder, file);
}
