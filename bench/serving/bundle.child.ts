// bundle.child.ts FOLDER [SLOPE]: a bundle of FOLDER/model.txt (of bench/peers/serving.py) with the recipe that its peer writes in Python.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipFiles } from '../../src/adapters/any/zip.ts';
import type { ColumnSchema } from '../../src/core/data/schema.ts';
import type { Expression } from '../../src/core/features/expression.ts';
import type { FittedFeature } from '../../src/core/features/fitted-recipe.ts';
import { readLightgbmFile } from '../../src/core/models/formats/lightgbm-text-reader.ts';
import { createBundle, writeBundle } from '../../src/core/scoring/bundle.ts';
import { defaultCutoffs } from '../../src/core/scoring/cutoffs.ts';

const folder = process.argv[2] as string;
const wholeNumbers: readonly string[] = [
  'age',
  'tenure_months',
  'emails_received',
  'website_visits_30d',
  'app_sessions_30d',
  'total_purchases',
  'days_since_last_purchase',
  'cart_adds_30d',
  'support_tickets',
];
const model = readLightgbmFile(readFileSync(join(folder, 'model.txt')));
const raw = model.features.slice(0, 17).map(({ name }) => name);
const categories = { region: ['north', 'south', 'east', 'west'], device: ['mobile', 'desktop', 'tablet'] };

const column = (name: string): Expression => ({ op: 'column', name });
const times = (a: Expression, b: Expression): Expression => ({ op: 'multiply', of: [a, b] });
const constant = (value: number): Expression => ({ op: 'constant', value });
const derived: Readonly<Record<string, readonly [Expression, readonly string[]]>> = {
  total_spend: [times(column('total_purchases'), column('avg_order_value')), ['total_purchases', 'avg_order_value']],
  engagement: [
    {
      op: 'add',
      of: [times(constant(0.6), column('email_open_rate')), times(constant(0.4), column('email_click_rate'))],
    },
    ['email_open_rate', 'email_click_rate'],
  ],
  log_visits: [{ op: 'log1p', of: column('website_visits_30d') }, ['website_visits_30d']],
  purchase_rate: [
    { op: 'divide', left: column('total_purchases'), right: column('tenure_months') },
    ['total_purchases', 'tenure_months'],
  ],
};

const feature = (name: string, expression: Expression, columns: readonly string[]): FittedFeature => ({
  name,
  description: name,
  family: 'Raw',
  unit: '',
  kind: 'number',
  columns,
  expression,
});
const features: FittedFeature[] = [
  ...raw.map((name) =>
    feature(name, name === 'satisfaction' ? { op: 'fillMissing', of: column(name), value: 7 } : column(name), [name]),
  ),
  ...Object.entries(derived).map(([name, [expression, columns]]) => feature(name, expression, columns)),
  // Read of every customer, as the peer checks them, though no tree asks for them.
  ...Object.entries(categories).map(([name, levels]) => ({
    ...feature(name, { op: 'category', column: name, table: { levels, rare: [] } } as const, [name]),
    kind: 'category' as const,
    levels,
  })),
];
const columns: ColumnSchema[] = [
  { name: 'customer_id', description: 'Customer', kind: 'text', role: 'id' },
  ...raw.map(
    (name): ColumnSchema => ({
      name,
      description: name.replaceAll('_', ' '),
      kind: 'number',
      role: 'feature',
      integer: wholeNumbers.includes(name),
      optional: name === 'satisfaction',
    }),
  ),
  ...Object.entries(categories).map(
    ([name, levels]): ColumnSchema => ({
      name,
      description: name,
      kind: 'category',
      role: 'feature',
      levels,
    }),
  ),
];
const bundle = createBundle(
  { name: 'Serving', createdFrom: 'bench/peers/serving.py' },
  {
    schema: { name: 'Serving', columns },
    recipe: { version: 1, features },
    model,
    calibrator: { kind: 'platt', slope: Number(process.argv[3] ?? 1), intercept: 0 },
    cutoffs: defaultCutoffs,
    settings: { valuePerConversion: 1, costPerContact: 1, currency: 'EUR' },
    confidence: { refits: 10, edges: [0.4, 0.7], distances: [0, 0.1], shares: [0.5, 1] },
    decileEdges: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
  },
);
writeFileSync(join(folder, 'bundle.zip'), zipFiles(writeBundle(bundle)));
console.log(JSON.stringify({ modelVersion: bundle.manifest.modelVersion }));
