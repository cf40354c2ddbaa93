import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly customers: number;
  readonly seed: number;
  readonly scenario: string;
  readonly data?: string;
  readonly label?: string;
  readonly positive?: string;
  readonly exclude: readonly string[];
  readonly id?: string;
  readonly asOf?: string;
  /** Cross-validates instead of stopping at one split; 0 is off. */
  readonly folds: number;
  readonly seeds: number;
  /** A shorter run for continuous integration: fewer trees and epochs, no pictures at both themes. */
  readonly quick: boolean;
  readonly out: string;
}

const usage = `usage: npm run demo -- [--customers N] [--seed N] [--scenario ecommerce|saas-upgrade|bank-loan|campaign-response]
       npm run demo -- --data FILE --label COLUMN [--positive VALUE] [--exclude COL,…] [--id COL] [--as-of YYYY-MM-DD] [--folds 3 --seeds 3]
       both take [--out DIR] (artifacts) and [--quick]`;

/** The demo's flags, checked. Throws one sentence and the usage. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: {
          customers: { type: 'string', default: '50000' },
          seed: { type: 'string', default: '7' },
          scenario: { type: 'string', default: 'ecommerce' },
          data: { type: 'string' },
          label: { type: 'string' },
          positive: { type: 'string' },
          exclude: { type: 'string', default: '' },
          id: { type: 'string' },
          'as-of': { type: 'string' },
          folds: { type: 'string', default: '0' },
          seeds: { type: 'string', default: '1' },
          quick: { type: 'boolean', default: false },
          out: { type: 'string', default: 'artifacts' },
        },
      });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
    }
  })();
  if (values.data !== undefined && values.label === undefined) {
    throw new Error(`--data needs --label COLUMN: the column that says who converted.\n${usage}`);
  }
  return {
    customers: whole('--customers', values.customers, 1_000, 2_000_000),
    seed: whole('--seed', values.seed, 0, 2 ** 31),
    scenario: values.scenario,
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(values.label === undefined ? {} : { label: values.label }),
    ...(values.positive === undefined ? {} : { positive: values.positive }),
    exclude: values.exclude
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    ...(values.id === undefined ? {} : { id: values.id }),
    ...(values['as-of'] === undefined ? {} : { asOf: values['as-of'] }),
    folds: whole('--folds', values.folds, 0, 20),
    seeds: whole('--seeds', values.seeds, 1, 20),
    quick: values.quick,
    out: values.out,
  };
}

function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${flag} is "${text}", expected a whole number from ${least} to ${most}.\n${usage}`);
}
