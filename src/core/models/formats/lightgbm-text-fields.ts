import { StudioError } from '../../shared/errors.ts';

const file = 'model.txt';
const saveAgain = 'Save the model again with LightGBM and take the file as it is.';

/** Refuses a model file, saying which line and field, and what a person can do about it. */
export function refuse(what: string, row?: number, field?: string, fix = saveAgain): StudioError {
  const where = { file, ...(row === undefined ? {} : { row }), ...(field === undefined ? {} : { field }) };
  return new StudioError('model.format', `This is not a boosting model the studio can read: ${what}.`, { where, fix });
}

/** What a stranger wrote, cut to fit a sentence. */
export function quote(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

/** The lines of a text one by one, without their ends (LF or CRLF): a file of empty lines must not become an array. */
export class Lines {
  /** Of the line last read, counted from 1. */
  row = 0;
  /** Where that line began, had all ends been LF. */
  place = 0;
  private next = 0;
  private carriageReturns = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The next line; undefined after the last. */
  read(): string | undefined {
    const { text, next } = this;
    if (next > text.length) return undefined;
    const end = text.indexOf('\n', next);
    const stop = end < 0 ? text.length : end;
    const isWindows = stop > next && text[stop - 1] === '\r';
    this.place = next - this.carriageReturns;
    this.next = stop + 1;
    this.row++;
    if (isWindows) this.carriageReturns++;
    return text.slice(next, isWindows ? stop - 1 : stop);
  }
}

/** One `key=value` line. */
export interface Field {
  readonly key: string;
  readonly value: string;
  readonly row: number;
}

export type Fields = ReadonlyMap<string, Field>;

/** Parts a line at its first "=". A line without one has an undefined value. */
export function partLine(line: string): { readonly key: string; readonly value: string | undefined } {
  const equals = line.indexOf('=');
  return equals < 0 ? { key: line, value: undefined } : { key: line.slice(0, equals), value: line.slice(equals + 1) };
}

/** The field, or a refusal that names what must hold it. */
export function need(fields: Fields, key: string, place: string, row: number): Field {
  const field = fields.get(key);
  if (!field) throw refuse(`${place} has no line ${key}=`, row, key);
  return field;
}

const wholeNumber = /^-?\d{1,11}$/;
// Linear on any text: no two parts can take the same digit.
const realNumber = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const longestNumber = 64;

/** One integer between two limits, in plain decimal digits. */
export function readInteger(text: string, { key, row }: Field, low: number, high: number): number {
  const value = wholeNumber.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw refuse(`${key} holds ${quote(text)}, not an integer`, row, key);
  if (value < low || value > high) throw refuse(`${key} holds ${value}, not within ${low} and ${high}`, row, key);
  return value + 0;
}

/** One finite double in decimal digits, rounded correctly. */
export function readReal(text: string, { key, row }: Field): number {
  const value = text.length <= longestNumber && realNumber.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw refuse(`${key} holds ${quote(text)}, not a number`, row, key);
  if (!Number.isFinite(value)) throw refuse(`${key} holds ${quote(text)}, beyond the largest double`, row, key);
  return value;
}

const infinities: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** One double as thresholds have it: finite or spelt infinite, never NaN. */
export function readLimit(text: string, field: Field): number {
  return infinities.get(text) ?? readReal(text, field);
}

/**
 * Exactly `count` parts between single spaces, read one by one into what `create` makes; nothing is made before the
 * line is long enough to hold that many.
 */
export function readList<A extends { [index: number]: number }>(
  field: Field,
  count: number,
  create: (count: number) => A,
  read: (text: string, field: Field) => number,
): A {
  const { value } = field;
  if (value.length < 2 * count - 1 || (count === 0 && value !== '')) throw wrongCount(field, count);
  const list = create(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const space = value.indexOf(' ', at);
    if (space < 0 !== (i === count - 1)) throw wrongCount(field, count);
    const end = space < 0 ? value.length : space;
    list[i] = read(value.slice(at, end), field);
    at = end + 1;
  }
  return list;
}

function wrongCount(field: Field, count: number): StudioError {
  const { key, row } = field;
  return refuse(`${key} has ${countParts(field)} values, expected ${count}`, row, key);
}

/** How many parts stand between single spaces. */
export function countParts({ value }: Field): number {
  let parts = value === '' ? 0 : 1;
  for (let at = value.indexOf(' '); at >= 0; at = value.indexOf(' ', at + 1)) parts++;
  return parts;
}
