import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeCustomers } from '../core/data/customers/make-customers.ts';
import { frameFromRecords } from '../core/scoring/frame-from-records.ts';

test('the sample request is a whole customer of the default scenario, as its schema wants one', async () => {
  const { schema, asOf } = await makeCustomers({ scenario: 'ecommerce', customers: 10, seed: 1 });
  const asked = schema.columns.filter(({ role }) => role === 'feature' || role === 'date' || role === 'sensitive');
  const record: unknown = JSON.parse(
    readFileSync(new URL('../../public/sample-request.json', import.meta.url), 'utf8'),
  );
  const { findings, frame } = frameFromRecords(
    [record],
    schema,
    new Set(asked.map(({ name }) => name)),
    asOf as number,
  );
  expect(findings).toEqual([]);
  expect(Object.keys(record as object).sort()).toEqual(
    [...frame.columns.map(({ name }) => name), 'customer_id'].sort(),
  );
});
