import type { Expression } from '../../../core/features/expression.ts';

/** All that the exported function knows: plain JSON. */
export interface ExportedScorer {
  readonly modelVersion: string;
  readonly asOf: number | null;
  readonly levels: Readonly<Record<string, readonly string[]>>;
  readonly features: readonly { readonly name: string; readonly kind: string; readonly expression: Expression }[];
  readonly model: ExportedTrees | ExportedLinear;
  readonly centre: number;
  readonly calibrator: {
    readonly kind: 'platt' | 'beta' | 'isotonic';
    readonly [name: string]: unknown;
  };
  readonly cutoffs: { readonly medium: number; readonly high: number };
}

export interface ExportedTrees {
  readonly kind: 'trees';
  /** By feature of the model: its name, and for a category the number of each code of the recipe after that of missing. */
  readonly inputs: readonly { readonly name: string; readonly numbers: readonly (number | null)[] | null }[];
  readonly scale: number;
  readonly count: number;
  readonly trees: readonly {
    readonly feature: readonly number[];
    readonly threshold: readonly (number | string)[];
    readonly decision: readonly number[];
    readonly left: readonly number[];
    readonly right: readonly number[];
    readonly leaf: readonly number[];
    readonly sets: readonly (readonly number[])[];
  }[];
}

export interface ExportedLinear {
  readonly kind: 'linear';
  readonly intercept: number;
  readonly columns: readonly (
    | {
        readonly name: string;
        readonly mean: number;
        readonly scale: number;
        readonly coefficient: number;
        readonly missing: number;
      }
    | { readonly name: string; readonly byCode: readonly number[] }
  )[];
}

export interface ExportedScore {
  readonly propensity_score: number;
  readonly risk_category: 'High' | 'Medium' | 'Low';
  readonly conversion_probability: number;
  readonly model_version: string;
}

/**
 * The scorer that an export carries: its own text is what is written out, so it refers to nothing outside itself. The
 * host's Math may differ from the studio's in the last bits: the certificate says by how much.
 */
export function createExportedScorer(
  data: ExportedScorer,
): (customer: Readonly<Record<string, unknown>>, asOf?: string) => ExportedScore {
  const finite = (x: number): number => (x - x === 0 ? x : Number.NaN);
  const truth = (x: number): number => (Number.isNaN(x) ? x : x > 0 ? 1 : 0);
  const daysOf = (value: unknown): number => {
    if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return Number.NaN;
    const text = value.length === 10 ? `${value}T00:00:00Z` : `${value.replace(' ', 'T').replace(/Z?$/, '')}Z`;
    return Date.parse(text) / 86400000;
  };
  const codeOf = (name: string, value: unknown): string | null => {
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    const text = String(value);
    const known = data.levels[name];
    return text !== '' && (!known || known.includes(text)) ? text : null;
  };

  const valueOf = (
    node: Expression,
    customer: Readonly<Record<string, unknown>>,
    made: ReadonlyMap<string, number>,
    today: number,
  ): number => {
    const of = (each: Expression): number => valueOf(each, customer, made, today);
    switch (node.op) {
      case 'constant':
        return node.value;
      case 'column': {
        const value = customer[node.name];
        return value === null || value === undefined || value === '' ? Number.NaN : finite(Number(value));
      }
      case 'feature':
        return made.get(node.name) ?? Number.NaN;
      case 'log1p':
        return finite(Math.log1p(of(node.of)));
      case 'squareRoot':
        return finite(Math.sqrt(of(node.of)));
      case 'absolute':
        return Math.abs(of(node.of));
      case 'not':
        return 1 - truth(of(node.of));
      case 'isMissing':
        return Number.isNaN(of(node.of)) ? 1 : 0;
      case 'subtract':
        return finite(of(node.left) - of(node.right));
      case 'divide':
        return finite(of(node.left) / of(node.right));
      case 'compare': {
        const [a, b] = [of(node.left), of(node.right)];
        if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
        const holds = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '=': a === b, '!=': a !== b };
        return holds[node.by] ? 1 : 0;
      }
      case 'add':
        return node.of.map(of).reduce((a, b) => finite(a + b));
      case 'multiply':
        return node.of.map(of).reduce((a, b) => finite(a * b));
      case 'minimum':
        return node.of.map(of).reduce((a, b) => Math.min(a, b));
      case 'maximum':
        return node.of.map(of).reduce((a, b) => Math.max(a, b));
      case 'and':
        return node.of.map(of).reduce((a, b) => (a === 0 || b === 0 ? 0 : truth(a) * truth(b)));
      case 'or':
        return node.of.map(of).reduce((a, b) => (a > 0 || b > 0 ? 1 : truth(a) + truth(b)));
      case 'mean': {
        const there = node.of.map(of).filter((x) => !Number.isNaN(x));
        return finite(there.reduce((sum, x) => sum + x, 0) / there.length);
      }
      case 'clip':
        return Math.min(Math.max(of(node.of), node.low), node.high);
      case 'if':
        return of(node.when) > 0 ? of(node.then) : of(node.otherwise);
      case 'fillMissing': {
        const value = of(node.of);
        return Number.isNaN(value) ? node.value : value;
      }
      case 'bin': {
        const value = of(node.of);
        return Number.isNaN(value) ? value : node.edges.filter((edge) => edge <= value).length;
      }
      case 'percentile': {
        const [q, value] = [node.quantiles, of(node.of)];
        if (Number.isNaN(value) || q.length < 2) return Number.NaN;
        const last = q.length - 1;
        if (value < (q[0] as number)) return 0;
        if (value > (q[last] as number)) return 1;
        const below = q.filter((each) => each < value).length;
        const atMost = q.filter((each) => each <= value).length;
        if (below < atMost) return (below + atMost - 1) / 2 / last;
        const [left, right] = [q[atMost - 1] as number, q[atMost] as number];
        return (atMost - 1 + (value - left) / (right - left)) / last;
      }
      case 'daysBefore':
        return finite(today - daysOf(customer[node.column]));
      case 'datePart': {
        const days = daysOf(customer[node.column]);
        if (!(Math.abs(days) < 1e8)) return Number.NaN;
        const day = Math.floor(days);
        if (node.part === 'hour') return Math.floor((days - day) * 24 + 1e-6);
        if (node.part === 'weekday') return ((((day + 3) % 7) + 7) % 7) + 1;
        const date = new Date(day * 86400000);
        if (node.part === 'dayOfMonth') return date.getUTCDate();
        return node.part === 'month' ? date.getUTCMonth() + 1 : date.getUTCFullYear();
      }
      case 'category': {
        const level = codeOf(node.column, customer[node.column]);
        if (level === null) return Number.NaN;
        const code = node.table.levels.indexOf(level);
        if (code >= 0) return code;
        return node.table.rare.includes(level) ? node.table.levels.length - 1 : Number.NaN;
      }
      case 'isLevel': {
        const level = codeOf(node.column, customer[node.column]);
        return level === null ? Number.NaN : node.levels.includes(level) ? 1 : 0;
      }
      case 'levelValue': {
        const level = codeOf(node.column, customer[node.column]);
        return level === null ? Number.NaN : (node.values[node.levels.indexOf(level)] ?? Number.NaN);
      }
    }
  };

  const K = 1.0000000180025095e-35;
  const sumTrees = (model: ExportedTrees, made: ReadonlyMap<string, number>): number => {
    const row = model.inputs.map(({ name, numbers }) => {
      const value = made.get(name) ?? Number.NaN;
      return numbers ? (numbers[Number.isNaN(value) ? 0 : value + 1] ?? Number.NaN) : value;
    });
    let sum = 0;
    for (const { feature, threshold, decision, left, right, leaf, sets } of model.trees) {
      let node = leaf.length > 1 ? 0 : -1;
      while (node >= 0) {
        const type = decision[node] as number;
        let x = row[feature[node] as number] as number;
        let goesLeft: boolean;
        if (type & 1) goesLeft = (sets[Number(threshold[node])] as readonly number[]).includes(Math.trunc(x));
        else {
          const missing = type & 12;
          if (Number.isNaN(x) && missing !== 8) x = 0;
          const isMissing = missing === 8 ? Number.isNaN(x) : missing === 4 && x >= -K && x <= K;
          goesLeft = isMissing ? (type & 2) !== 0 : x <= Number(threshold[node]);
        }
        node = (goesLeft ? left[node] : right[node]) as number;
      }
      sum += leaf[~node] as number;
    }
    return (sum / model.count) * model.scale;
  };

  const sumLinear = (model: ExportedLinear, made: ReadonlyMap<string, number>): number => {
    let sum = model.intercept;
    for (const column of model.columns) {
      const value = made.get(column.name) ?? Number.NaN;
      if ('byCode' in column) sum += column.byCode[value] ?? 0;
      else sum += Number.isNaN(value) ? column.missing : ((value - column.mean) / column.scale) * column.coefficient;
    }
    return sum;
  };

  const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
  const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  const calibrated = (raw: number): number => {
    const c = data.calibrator as Record<string, number> & { readonly kind: string };
    if (c.kind === 'platt') return (c['slope'] as number) * raw + (c['intercept'] as number);
    if (c.kind === 'beta')
      return (c['c'] as number) + ((c['b'] as number) * softplus(raw) - (c['a'] as number) * softplus(-raw));
    const x = data.calibrator['raw'] as readonly number[];
    const y = data.calibrator['logOdds'] as readonly number[];
    const slope = c['tailSlope'] as number;
    const last = x.length - 1;
    if (raw <= (x[0] as number)) return (y[0] as number) + slope * (raw - (x[0] as number));
    if (raw >= (x[last] as number)) return (y[last] as number) + slope * (raw - (x[last] as number));
    let at = 0;
    while ((x[at + 1] as number) <= raw) at++;
    const part = (raw - (x[at] as number)) / ((x[at + 1] as number) - (x[at] as number));
    return (y[at] as number) + part * ((y[at + 1] as number) - (y[at] as number));
  };

  return (customer, asOf) => {
    const today = asOf === undefined ? (data.asOf ?? Number.NaN) : daysOf(asOf);
    const made = new Map<string, number>();
    for (const { name, expression } of data.features) made.set(name, valueOf(expression, customer, made, today));
    const raw = data.model.kind === 'trees' ? sumTrees(data.model, made) : sumLinear(data.model, made);
    const propensity = sigmoid(raw + data.centre);
    return {
      propensity_score: propensity,
      risk_category: propensity >= data.cutoffs.high ? 'High' : propensity >= data.cutoffs.medium ? 'Medium' : 'Low',
      conversion_probability: sigmoid(Math.min(36, Math.max(-36, calibrated(raw)))),
      model_version: data.modelVersion,
    };
  };
}
