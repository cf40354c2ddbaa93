import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeCustomers } from '../core/data/customers/make-customers.ts';
import type { RecordFinding } from '../core/scoring/record-finding.ts';
import { createRecordReader } from '../core/scoring/record-reader.ts';

test('the sample request is a whole customer of the default scenario, as its schema wants one', async () => {
  const { schema, asOf } = await makeCustomers({ scenario: 'ecommerce', customers: 10, seed: 1 });
  const asked = schema.columns.filter(({ role }) => role === 'feature' || role === 'date' || role === 'sensitive');
  const record: unknown = JSON.parse(
    readFileSync(new URL('../../public/sample-request.json', import.meta.url), 'utf8'),
  );
  const findings: RecordFinding[] = [];
  const reader = createRecordReader(schema, new Set(asked.map(({ name }) => name)));
  reader.read(record, 0, asOf as number, new Float64Array(reader.columns.length), findings);
  expect(findings).toEqual([]);
  expect(Object.keys(record as object).sort()).toEqual(
    [...reader.columns.map(({ name }) => name), 'customer_id'].sort(),
  );
});
