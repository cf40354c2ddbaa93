import { createRandom, type Random } from '../core/shared/random.ts';

/** A generated table as text and as the cells a reader must find in it. */
export interface QuirkyCsv {
  readonly text: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const words = [
  '',
  'plain',
  'two words',
  'a,b',
  'a;b',
  'tab\there',
  'pipe|d',
  'say "yes"',
  '"',
  '""',
  'line\nbreak',
  'cr\r\nlf',
  'ümlaut',
  '日本',
  '😀',
  "it's",
  '00123',
  '-5',
  '1e5',
];

/** A well-formed file with what real ones bring: any delimiter, needless quotes, doubled quotes, line ends of one kind. */
export function quirkyCsv(seed: number, options: { readonly mixedLineEnds?: boolean } = {}): QuirkyCsv {
  const random = createRandom(seed);
  const delimiter = pick(random, [',', ';', '\t', '|']);
  const lineEnds = options.mixedLineEnds ? ['\n', '\r\n', '\r'] : [pick(random, ['\n', '\r\n'])];
  const width = 2 + random.integer(6);
  const header = Array.from({ length: width }, (_, column) => `c${column}`);
  const rows = Array.from({ length: 1 + random.integer(40) }, () => {
    const row = Array.from({ length: width }, () => pick(random, words));
    // A row without any value is skipped as blank by design.
    row[0] ||= 'first';
    return row;
  });
  let text = '';
  [header, ...rows].forEach((row, i) => {
    text += row.map((cell) => written(cell, delimiter, random)).join(delimiter);
    if (i < rows.length || random.next() < 0.5) text += pick(random, lineEnds);
  });
  return { text, delimiter, header, rows };
}

function written(cell: string, delimiter: string, random: Random): string {
  const mustQuote = /["\r\n]/.test(cell) || cell.includes(delimiter);
  return mustQuote || random.next() < 0.2 ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(from.length)] as T;
}
