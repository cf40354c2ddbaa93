import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openTableFile } from '../../src/adapters/any/table-file.ts';
import { makeCustomers } from '../../src/core/data/customers/make-customers.ts';
import { createFrame, type Frame } from '../../src/core/data/frame.ts';
import { applyRoles, guessSchema } from '../../src/core/data/roles.ts';
import { type Split, splitRows } from '../../src/core/data/split.ts';
import type { Table } from '../../src/core/data/table.ts';
import { applyRecipe } from '../../src/core/features/apply.ts';
import { fitRecipe } from '../../src/core/features/fit.ts';
import { inputOf, labelsOf } from '../../src/core/jobs/study/features.ts';
import { findRealTables, rolesOf, whyNotThere } from './real-tables.ts';

/** A table as a learner takes it. */
export interface LearningTable {
  readonly name: string;
  readonly features: Frame;
  readonly labels: Int8Array;
}

/** Generated customers with the features of their recipe; then the real tables' raw columns, or why one is not there. */
export async function* learningTables(
  customers: number,
  folder: unknown,
  work: string,
): AsyncGenerator<LearningTable | { readonly name: string; readonly missing: string }> {
  const made = await makeCustomers({ scenario: 'ecommerce', customers, seed: 1 });
  const labels = labelsOf(made);
  const recipe = fitRecipe(made, splitBySeed(labels, 0).train);
  yield { name: 'generated customers', features: await applyRecipe(recipe, inputOf(made)), labels };
  if (typeof folder !== 'string' || !existsSync(folder)) {
    yield { name: 'the real tables', missing: 'give their folder with --data-folder DIR' };
    return;
  }
  for (const [table, path] of await findRealTables(folder, work)) {
    if (!path) {
      yield { name: table.name, missing: whyNotThere(table) };
      continue;
    }
    const { frame } = await openTableFile(new Blob([readFileSync(path)]), basename(path));
    const read = applyRoles(frame, guessSchema(frame, table.file).schema, rolesOf(table));
    yield { name: table.name, features: rawFeatures(read), labels: labelsOf(read) };
  }
}

/** 60 % of the rows learn, 20 % stop, 20 % test. */
export function splitBySeed(labels: Int8Array, seed: number): Split {
  return splitRows({ labels, seed, fractions: { train: 0.6, validation: 0.2, test: 0.2 } });
}

/** The columns as they come: no recipe between the file and either learner. */
function rawFeatures({ frame, schema }: Table): Frame {
  const chosen = new Set(schema.columns.flatMap(({ name, role }) => (role === 'feature' ? [name] : [])));
  const isLearnable = (kind: string) => kind === 'number' || kind === 'category';
  return createFrame(frame.columns.filter(({ name, kind }) => chosen.has(name) && isLearnable(kind)));
}
