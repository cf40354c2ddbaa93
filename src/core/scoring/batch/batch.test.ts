import { expect, test } from 'vitest';
import { tinyBundle, tinyCustomers } from '../../../testing/golden/bundle-fixture.ts';
import { writeCsv } from '../../data/csv/write-csv.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { modelKinds } from '../../models/model.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { createScorer } from '../scorer.ts';
import { scoreBatch } from './batch.ts';
import { bundleBatchModel } from './batch-model.ts';
import { readLayout } from './layout.ts';
import { createPieceScorer } from './piece.ts';

const bundle = tinyBundle('boosting');
const header = 'id,age,visits,region,joined';

test.each(modelKinds)(
  '%s: a file in pieces has the bits of the whole table, and its own bytes before them',
  async (kind) => {
    const one = tinyBundle(kind);
    const table = tinyCustomers(300, 5);
    const text = new TextDecoder().decode(writeCsv(table));
    const { propensity, probability, confidence } = await createScorer(one).scoreFrame(table);
    for (const chunkBytes of [997, 1 << 20]) {
      const { lines, outcome } = await score(text, { chunkBytes, kind, lanes: 3 });
      const input = text.split('\r\n');
      expect(outcome.rows).toEqual({ read: 300, kept: 300, rejected: 0, blank: 0 });
      expect(lines.length).toBe(301);
      lines.slice(1).forEach((line, row) => {
        expect(line.startsWith(`${input[row + 1]},`)).toBe(true);
        const added = line.slice((input[row + 1] as string).length + 1).split(',');
        expect(Number(added[0])).toBe(propensity[row]);
        expect(Number(added[2])).toBe(probability[row]);
        expect(Number(added[3])).toBe(confidence[row]);
        expect(added.at(-1)).toBe(one.manifest.modelVersion);
      });
    }
  },
);

test('the report counts every customer once, whatever the pieces', async () => {
  const text = new TextDecoder().decode(writeCsv(tinyCustomers(300, 5)));
  const whole = await score(text, { chunkBytes: 1 << 20 });
  const pieces = await score(text, { chunkBytes: 1333, lanes: 2 });
  expect(pieces.outcome.summary.bandRows).toEqual(whole.outcome.summary.bandRows);
  expect(pieces.outcome.summary.stepRows).toEqual(whole.outcome.summary.stepRows);
  expect(pieces.outcome.summary.top).toEqual(whole.outcome.summary.top);
  expect(whole.outcome.summary.stepRows.reduce((sum, count) => sum + count, 0)).toBe(300);
  const scores = whole.outcome.summary.top.map(({ propensity }) => propensity);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test('text that a spreadsheet would run gets an apostrophe; numbers, identifiers and ids stay as they are', async () => {
  const rows = ['-7,35,-3,=cmd(),2023-01-31', '"=1+1",35,+4,@south,2023-01-31', '00012,35,5,"+a ""b""",2023-01-31'];
  const { lines } = await score(`${header}\n${rows.join('\n')}\n`, {});
  expect(lines.slice(1).map((line) => line.split(',0.')[0])).toEqual([
    "-7,35,-3,'=cmd(),2023-01-31",
    '"=1+1",35,+4,\'@south,2023-01-31',
    '00012,35,5,"\'+a ""b""",2023-01-31',
  ]);
});

test('rows with problems are told by row, counted, and never dropped silently', async () => {
  const rows = [
    'a,35,3,south,2023-01-31',
    'b,abc,3,south,2023-01-31',
    '',
    'c,35,3,atlantis,2023-02-30',
    'd,35,3,south',
    'e,,3,,2023-01-31,,',
    ...Array.from({ length: 30 }, (_, i) => `x${i},35,3,north,2023-01-31`),
  ];
  const { outcome, lines } = await score(`${header}\n${rows.join('\n')}`, { chunkBytes: 40 });
  expect(outcome.rows).toEqual({ read: 36, kept: 34, rejected: 1, blank: 1 });
  expect(outcome.problems).toEqual([
    { row: 3, column: 'age', problem: 'no number', value: 'abc' },
    { row: 5, column: 'joined', problem: 'no date', value: '2023-02-30' },
    { row: 5, column: 'region', problem: 'unseen in training', value: 'atlantis' },
    { row: 6, column: '', problem: 'wrong number of cells', value: '4 instead of 5' },
  ]);
  expect(outcome.problemCounts).toContainEqual({ column: 'age', problem: 'no number', rows: 1 });
  expect(lines[4]?.startsWith('e,,3,,2023-01-31,0.')).toBe(true);
  expect(lines.length).toBe(35);
});

test('line ends within quotes, Windows line ends, semicolons and decimal commas go through', async () => {
  const text = '"id";age;visits;region;joined\r\n"a\n;b";35,5;3;south;31.01.2023\r\n"c";36;4;north;2023-01-31';
  for (const chunkBytes of [7, 1000]) {
    const { written } = await score(text, { chunkBytes, delimiter: ';' });
    expect(written).toMatch(
      /^"id";age;visits;region;joined;propensity_score;.*;model_version\r\n"a\n;b";35,5;3;south;31\.01\.2023;0,\d+;/,
    );
    expect(written.endsWith(`${bundle.manifest.modelVersion}\n`)).toBe(true);
  }
});

test.each([
  ['data.missing-column', 'id,visits\n1,2\n'],
  ['data.empty', `${header}\n`],
  ['data.ragged-row', `${header}\n1,2\n3,4\n`],
  ['data.unterminated-quote', `${header}\n1,"2,3,4,5\n`],
  ['data.encoding', `${header}\n1,2,3,s\u00fcd,2023-01-31\n`],
])('%s refuses the file', async (code, text) => {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  await expect(score(bytes, {})).rejects.toMatchObject({ code });
});

async function score(
  text: string | Uint8Array<ArrayBuffer>,
  { chunkBytes = 1 << 20, lanes = 1, kind = 'boosting' as (typeof modelKinds)[number], delimiter = ',' },
) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const layout = await readLayout(new Blob([bytes]), delimiter, 0);
  const model = () => bundleBatchModel(tinyBundle(kind), layout.header, referenceKernels);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
  }
  const parts: Uint8Array[] = [];
  const outcome = await scoreBatch({
    chunks: chunks(),
    delimiter: delimiter.charCodeAt(0),
    lanes: Array.from({ length: lanes }, () => createPieceScorer(model(), layout)),
    write: (part) => void parts.push(part),
    taken: () => 0.5,
    checkpoint: noCheckpoint,
    checkUtf8: true,
  });
  const written = Buffer.concat(parts).toString();
  return { outcome, written, lines: written.split(/\r?\n/).filter((line) => line !== '') };
}
