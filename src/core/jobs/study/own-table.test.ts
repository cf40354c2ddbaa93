import { beforeAll, describe, expect, test } from 'vitest';
import { csvRows, fileOf, textOf } from '../../../testing/csv-rows.ts';
import { createNodeStudy, quiet, trainAll } from '../../../testing/node-study.ts';
import { createRandom } from '../../shared/random.ts';
import type { TrainingInput } from '../../models/model.ts';
import type { DecisionSettings, StudyJobs } from '../study-contract.ts';

const split = { seed: 5, train: 0.6, validation: 0.2, test: 0.2, by: 'random' } as const;
const quick = { logistic: { choose_C: false }, boosting: { n_estimators: 20 }, neural: { epochs: 2 } };
const everybody: DecisionSettings = {
  valuePerConversion: 40,
  costPerContact: 2,
  currency: 'EUR',
  cut: { by: 'top-share', share: 0.2 },
  exclusions: [],
  controlShare: 0,
  seed: 1,
};
const cities = ['Ulm', '<img src=x onerror=alert(1)>', '=HYPERLINK("http://evil","x")', "O'Hara", 'a "quoted", city'];

interface Wish {
  readonly rows: number;
  /** Rows of one customer. */
  readonly visits?: number;
  /** One in so many labels is empty. */
  readonly unknownEvery?: number;
}

/** A table as a person might bring it: hostile names and levels, gaps, ids that repeat, labels not known yet. */
function csvOf({ rows, visits = 1, unknownEvery = 0 }: Wish): Blob {
  const random = createRandom(8);
  const lines = ['customer_id,age,spend,city,__proto__,constructor,<b>plan</b>,=1+1,bought'];
  for (let row = 0; row < rows; row++) {
    const age = 20 + random.integer(60);
    const spend = 100 * random.next();
    const city = random.integer(cities.length);
    const chance = 0.1 + 0.4 * Number(spend > 60) + 0.2 * Number(city === 1);
    const label = unknownEvery && row % unknownEvery === 0 ? '' : random.next() < chance ? 'yes' : 'no';
    const cells = [
      `C${Math.floor(row / visits)}`,
      random.next() < 0.05 ? '' : age,
      spend.toFixed(2),
      `"${(cities[city] as string).replaceAll('"', '""')}"`,
      random.integer(9),
      random.next().toFixed(3),
      ['basic', '<script>plus</script>'][random.integer(2)],
      random.integer(50),
      label,
    ];
    lines.push(cells.join(','));
  }
  return new Blob([`${lines.join('\n')}\n`]);
}

async function openOwn(study: StudyJobs, wish: Wish) {
  await study.openTable({ file: csvOf(wish), name: 'own <img src=x onerror=alert(1)>.csv' }, quiet);
  return study.assignRoles({ roles: {}, label: { column: 'bought', positive: 'yes' } }, quiet);
}

describe('a table with hostile text and labels not known yet', () => {
  const host = createNodeStudy({ threads: 1 });
  const { study } = host;
  let input: TrainingInput;

  beforeAll(async () => {
    await openOwn(study, { rows: 3_000, unknownEvery: 6 });
    await study.buildFeatures(split, quiet);
    input = await study.trainingInput({}, quiet);
    await trainAll(host, quick);
    await study.evaluate({ cut: 0.7 }, quiet);
  });

  test('rows with an empty label are never trained or measured on, and get their scores', async () => {
    for (const rows of [input.train, input.validation]) {
      expect([...rows].filter((row) => row % 6 === 0)).toEqual([]);
    }
    const { testRows } = await study.evaluate({ cut: 0.7 }, quiet);
    expect(input.train.length + input.validation.length + testRows).toBe(2_500);
    const list = csvRows((await study.contactList(everybody, quiet)).bytes);
    expect(list).toHaveLength(3_000);
    const unknown = list.filter(({ customer_id }) => Number(customer_id?.slice(1)) % 6 === 0);
    expect(unknown).toHaveLength(500);
    for (const { propensity_score, trained_on } of unknown) {
      expect(Number(propensity_score)).toBeGreaterThan(0);
      expect(trained_on).toBe('no');
    }
    const [hit] = await study.findCustomers({ query: 'C600', limit: 1 }, quiet);
    expect(hit).toMatchObject({ row: 600, id: 'C600', split: 'unlabelled' });
  });

  test('a column called __proto__ is a column like others', async () => {
    const { columns, rows } = await study.previewRows({ from: 0, to: 2 }, quiet);
    expect(columns.slice(4, 6)).toEqual(['__proto__', 'constructor']);
    expect(rows[0]?.[4]).toBeTypeOf('number');
    expect(input.features.columns.map(({ name }) => name)).toContain('__proto__');
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  test('formulas are guarded in every CSV, and read back as they were', async () => {
    const { bytes } = await study.exportTable({ what: 'customers', format: 'csv' }, quiet);
    const text = textOf({ bytes });
    expect(text).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`);
    expect(text).not.toMatch(/(^|,)"?[=@]/m);
    const again = createNodeStudy({ threads: 1 }).study;
    await again.openTable({ file: fileOf({ bytes }), name: 'again.csv' }, quiet);
    const whole = { from: 0, to: 500 };
    expect(await again.previewRows(whole, quiet)).toEqual(await study.previewRows(whole, quiet));
    const { file, preview } = await study.scoreTable({ file: fileOf({ bytes }), name: '=scores.csv' }, quiet);
    expect(textOf(file)).not.toMatch(/(^|,)"?[=@]/m);
    expect(preview.columns).toContain('propensity_score');
  });

  test('markup in names and levels is text in the report', async () => {
    await study.decide(everybody, quiet);
    const html = textOf(await study.report({}, quiet));
    const tags = html.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => /^<\/?(img|script|b)\b|\son\w+=/i.test(tag))).toEqual([]);
    expect(html).toContain('&lt;img src=x onerror=alert(1');
  });
});

test('ids that repeat stay on one side of the split', async () => {
  const { study } = createNodeStudy({ threads: 1 });
  await openOwn(study, { rows: 3_000, visits: 3 });
  const { rows } = await study.buildFeatures(split, quiet);
  const { train, validation } = await study.trainingInput({}, quiet);
  const side = new Map<number, number>();
  for (const [name, members] of [train, validation].entries()) {
    for (const row of members) {
      const customer = Math.floor(row / 3);
      expect(side.get(customer) ?? name).toBe(name);
      side.set(customer, name);
    }
  }
  // Whole customers on each side: what is in neither is the test's, whole as well.
  expect(train.length % 3).toBe(0);
  expect(validation.length % 3).toBe(0);
  expect(rows.train + rows.validation + rows.test).toBe(3_000);
  expect(Math.abs(rows.train - 1_800)).toBeLessThan(30);
});

describe('a job that fails', () => {
  const { study } = createNodeStudy({ threads: 1 });
  let before: unknown;
  const state = async () => [
    await study.previewRows({ from: 0, to: 5 }, quiet),
    textOf(await study.exportTable({ what: 'features', format: 'csv' }, quiet)),
    String((await study.trainingInput({}, quiet)).train),
  ];

  beforeAll(async () => {
    await openOwn(study, { rows: 1_000 });
    await study.buildFeatures(split, quiet);
    before = await state();
  });

  test.each([
    ['an empty file', '', 'data.empty'],
    ['a header alone', 'a,b\n', 'data.empty'],
    ['a quote that never ends', 'a,b\n1,"2\n3,4\n', 'data.unterminated-quote'],
    ['two columns of one name', 'a,a\n1,2\n', 'data.header'],
  ])('%s is refused, and the open study stays open', async (_, text, code) => {
    await expect(study.openTable({ file: new Blob([text]), name: 'bad.csv' }, quiet)).rejects.toMatchObject({ code });
    expect(await state()).toEqual(before);
  });

  test.each([
    ['a value that nobody has', { column: 'bought', positive: 'maybe' }],
    ['a column with too many values', { column: 'spend', positive: '1' }],
    ['a column that is not there', { column: 'nope', positive: 'yes' }],
  ])('a label of %s is refused, and the open study stays open', async (_, label) => {
    await expect(study.assignRoles({ roles: {}, label }, quiet)).rejects.toMatchObject({
      code: expect.stringMatching(/^data\./),
      fix: expect.stringMatching(/\w/),
    });
    expect(await state()).toEqual(before);
  });

  test('an impossible split, an unknown scenario and a broken bundle leave it as it was', async () => {
    const refused = [
      study.buildFeatures({ ...split, train: 0.9 }, quiet),
      study.buildFeatures({ ...split, by: 'time' }, quiet),
      study.makeCustomers({ scenario: 'moon', customers: 10, seed: 1 }, quiet),
      study.openBundle({ file: new Blob(['not a zip']) }, quiet),
      study.evaluate({ cut: 0.5 }, quiet),
      study.saveBundle({}, quiet),
      study.scoreTable({ file: new Blob(['a\n1\n']), name: 'a.csv' }, quiet),
    ];
    for (const job of refused) await expect(job).rejects.toMatchObject({ name: 'StudioError' });
    expect(await state()).toEqual(before);
  });

  test('a job stopped on the way changes nothing', async () => {
    let asked = 0;
    const stopped = {
      emit: () => {},
      checkpoint: async () => {
        if (++asked > 2) throw new Error('stopped');
      },
    };
    await expect(study.buildFeatures({ ...split, seed: 6 }, stopped)).rejects.toThrow('stopped');
    await expect(study.makeCustomers({ scenario: 'ecommerce', customers: 500, seed: 1 }, stopped)).rejects.toThrow(
      'stopped',
    );
    expect(await state()).toEqual(before);
  });
});
