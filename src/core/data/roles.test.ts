import { expect, test } from 'vitest';
import { readCsv } from './csv/read-csv.ts';
import type { Frame } from './frame.ts';
import { profileFrame } from './profile.ts';
import { applyRoles, guessSchema } from './roles.ts';
import type { Role } from './schema.ts';

const rows = Array.from({ length: 40 }, (_, i) =>
  [
    `C-${100 + i}`,
    i % 7,
    i % 2 ? 'f' : 'm',
    `2024-01-${10 + (i % 9)}`,
    '2024-02-01',
    'EU',
    i % 3 ? 'yes' : 'no',
    i % 4 ? 'No' : 'Yes ',
  ].join(','),
);
const text = `customer_id,visits,gender,signup_date,snapshot_date,region,newsletter,converted\n${rows.join('\n')}\n`;
const read = async (csv: string): Promise<Frame> => (await readCsv(new Blob([csv]), { delimiter: ',' })).frame;
const frame = await read(text);
const roleOf = (name: string) => guessSchema(frame, 't').schema.columns.find((column) => column.name === name)?.role;

test('roles are guessed from names and values', () => {
  expect(Object.fromEntries(frame.columns.map((column) => [column.name, roleOf(column.name)]))).toEqual({
    customer_id: 'id',
    visits: 'feature',
    gender: 'sensitive',
    signup_date: 'feature',
    snapshot_date: 'date',
    region: 'ignore',
    newsletter: 'feature',
    converted: 'label',
  } satisfies Record<string, Role>);
});

test('the label candidates come most likely first, with the value that means yes', () => {
  const { labelCandidates, schema } = guessSchema(frame, 't');
  expect(labelCandidates.map((candidate) => candidate.column)).toEqual(['converted', 'newsletter', 'gender']);
  expect(schema.label).toEqual({ column: 'converted', positive: 'Yes' });
});

test('a label is read with its spaces trimmed and empty cells as customers to score', async () => {
  const table = await read('a,y\n1,Yes \n2,no\n3,\n4, Yes\n5,NA\n6,no\n');
  const { labels } = applyRoles(table, guessSchema(table, 't').schema, { label: { column: 'y', positive: ' Yes' } });
  expect(Array.from(labels ?? [])).toEqual([1, 0, -1, 1, -1, 0]);
});

test('a label of 0 and 1 works, and the numbers stay numbers', async () => {
  const table = await read('a,y\n1,1\n2,0\n3,\n4,1.0\n');
  expect(table.columns[1]?.kind).toBe('number');
  const { schema } = guessSchema(table, 't');
  expect(schema.label).toEqual({ column: 'y', positive: '1' });
  expect(Array.from(applyRoles(table, schema).labels ?? [])).toEqual([1, 0, -1, 1]);
});

test.each([
  ['no row says yes', 'y\nno\nno\n', 'yes', 'no (2)'],
  ['every row says yes', 'y\nyes\nyes\n\n', 'yes', 'yes (2)'],
  ['all is missing', 'y,a\n,1\n,2\n', 'yes', 'no values at all'],
  ['it is a measurement', `y\n${Array.from({ length: 30 }, (_, i) => i).join('\n')}\n`, '1', 'more than 20'],
])('a label is refused with its counts where %s', async (_, csv, positive, found) => {
  const table = await read(csv);
  const apply = () => applyRoles(table, guessSchema(table, 't').schema, { label: { column: 'y', positive } });
  expect(apply).toThrow(
    expect.objectContaining({ code: 'data.label', message: expect.stringContaining(found), fix: expect.any(String) }),
  );
});

test('a snapshot column gives each row its day; one day given goes before it', () => {
  const { schema } = guessSchema(frame, 't');
  const perRow = applyRoles(frame, schema).asOf;
  expect(perRow instanceof Float64Array && perRow[0]).toBe(19_754);
  expect(applyRoles(frame, schema, { asOf: '2024-03-01' }).asOf).toBe(19_783);
  expect(applyRoles(frame, schema, { roles: { snapshot_date: 'ignore' } }).asOf).toBeUndefined();
});

test('another label takes the role from the guessed one', () => {
  const { schema } = applyRoles(frame, guessSchema(frame, 't').schema, {
    label: { column: 'newsletter', positive: 'yes' },
  });
  expect(schema.columns.filter((column) => column.role === 'label').map((column) => column.name)).toEqual([
    'newsletter',
  ]);
});

test('a role for a column that is not there is refused', () => {
  expect(() => applyRoles(frame, guessSchema(frame, 't').schema, { roles: { ages: 'ignore' } })).toThrow(
    expect.objectContaining({ code: 'data.missing-column' }),
  );
});

test('a profile says what a column holds', () => {
  const facts = new Map(profileFrame(frame).map((fact) => [fact.name, fact]));
  expect(facts.get('customer_id')).toMatchObject({ idLike: true, distinct: 40, summary: '40 values, all different' });
  expect(facts.get('visits')).toMatchObject({
    min: 0,
    max: 6,
    distinct: 7,
    missingShare: 0,
    idLike: false,
    summary: '0 to 6, mean 2.88',
  });
  expect(facts.get('visits')?.histogram).toHaveLength(7);
  expect(facts.get('region')).toMatchObject({ constant: true, summary: '1 value, most often EU (100 %)' });
  expect(facts.get('signup_date')?.summary).toBe('2024-01-10 to 2024-01-18');
  for (const fact of facts.values())
    expect(fact.histogram.reduce((sum, bar) => sum + bar.count, 0)).toBeLessThanOrEqual(40);
});

test('a profile bears nothing, one value, and the widest range there is', () => {
  const values = Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE, 0, ...Array.from({ length: 20 }, (_, i) => i));
  const [wide, empty] = profileFrame({
    rowCount: 23,
    columns: [
      { kind: 'number', name: 'w', values },
      { kind: 'number', name: 'e', values: new Float64Array(23).fill(Number.NaN) },
    ],
  });
  expect(wide?.histogram.reduce((sum, bar) => sum + bar.count, 0)).toBe(23);
  expect(empty).toMatchObject({ constant: true, missingShare: 1, summary: 'empty', histogram: [] });
});
