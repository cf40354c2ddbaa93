import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { drop, openStudio } from './studio.ts';

/** A table with the quirks of real ones: semicolons, quotes, "unknown", an id, a constant column, blanks in numbers. */
function subscribers(rows: number): string {
  const lines = ['customer_no;age;job;"balance (EUR)";plan;calls;const;joined;left'];
  let state = 42;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 4_294_967_296;
  };
  for (let row = 0; row < rows; row++) {
    const age = 18 + Math.floor(next() * 60);
    const calls = Math.floor(next() * 10);
    const plan = next() < 0.5 ? 'basic' : 'plus';
    const leaves = next() < (calls > 6 ? 0.6 : 0.1) + (plan === 'basic' ? 0.1 : 0);
    const balance = next() < 0.05 ? '' : (next() * 5_000).toFixed(2).replace('.', ',');
    lines.push(
      `C${String(row).padStart(6, '0')};${age};"${next() < 0.1 ? 'unknown' : 'clerk'}";${balance};${plan};${calls};1;2024-0${1 + (row % 9)}-15;${leaves ? 'yes' : 'no'}`,
    );
  }
  return lines.join('\r\n');
}

test('a dropped .csv.gz with semicolons and decimal commas becomes a study', async ({ page }) => {
  await openStudio(page);
  await drop(page, 'subscribers.csv.gz', gzipSync(subscribers(3_000)));
  await expect(page.getByRole('main')).toContainText('3,000');
  const dataset = await page.evaluate(() => window.studio.study.store.getState().dataset);
  const roleOf = (name: string) => dataset?.columns.find((column) => column.name === name)?.role;
  expect(dataset?.labelCandidates[0]?.column).toBe('left');
  expect(roleOf('customer_no')).toBe('id');
  expect(roleOf('const')).toBe('ignore');
  expect(dataset?.columns.find((column) => column.name === 'balance (EUR)')?.kind).toBe('number');
  expect(dataset?.needsAsOf).toBe(true);
  const done = await page.evaluate(async () => {
    const { actions, store } = window.studio.study;
    const { parameters } = store.getState().spec;
    actions.changeSpec({ parameters: { ...parameters, boosting: { n_estimators: 20 }, neural: { epochs: 2 } } });
    await actions.assignRoles({ roles: {}, label: { column: 'left', positive: 'yes' }, asOf: '2025-01-01' });
    return actions.runEverything();
  });
  expect(done).toBe(true);
  const auc = await page.evaluate(
    () => window.studio.study.store.getState().evaluation?.models.map(({ metrics }) => metrics.auc.value) ?? [],
  );
  expect(Math.min(...auc)).toBeGreaterThan(0.6);
});

const bad: readonly [string, string, Uint8Array | string, RegExp][] = [
  ['a ragged row', 'ragged.csv', 'a,b,y\n1,2,yes\n1,2\n3,4,no\n', /row 3/i],
  ['two columns of one name', 'twice.csv', 'a,a,y\n1,2,yes\n3,4,no\n', /"a"/],
  ['an unterminated quote', 'quote.csv', 'a,b,y\n1,"2,yes\n3,4,no\n', /row 2/i],
  ['no rows', 'empty.csv', 'a,b,y\n', /row/i],
  ['an Excel file', 'sheet.csv', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0]), /Excel|zip/i],
];
for (const [what, name, content, words] of bad) {
  test(`${what} gets a message that says where, and the open study stays open`, async ({ page }) => {
    await openStudio(page);
    await page.evaluate(async () => {
      window.studio.study.actions.changeSpec({ customers: 2_000 });
      await window.studio.study.actions.makeCustomers();
    });
    await drop(page, name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    await expect(page.getByRole('alert').first()).toContainText(words);
    expect(await page.evaluate(() => window.studio.study.store.getState().dataset?.rowCount)).toBe(2_000);
  });
}
