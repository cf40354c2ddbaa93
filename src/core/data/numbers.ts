/**
 * The one number grammar of files, forms and requests: an optional sign, digits, at most one decimal mark, an optional
 * exponent. No hexadecimal, no underscores, no grouping, no Infinity: what is not a plain decimal number is no number.
 */
export type NumberClass =
  | 'number'
  /** Digits that a number would not give back: a leading zero (00123) or an integer beyond 2^53. */
  | 'identifier'
  /** A number too large for a double (1e999). */
  | 'overflow'
  | 'none';

const ZERO = 48;
const NINE = 57;
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
let outcome: NumberClass = 'none';

/** The number in bytes[from … to), or NaN where the grammar or the range says no. `decimal` is the byte of the mark. */
export function parseNumber(bytes: Uint8Array, from: number, to: number, decimal = 46): number {
  outcome = 'none';
  let at = from;
  const first = bytes[at];
  if (first === 45 || first === 43) at++;
  const digitsFrom = at;
  let mantissa = 0;
  let significant = 0;
  let byte = 0;
  while (at < to && (byte = bytes[at] as number) >= ZERO && byte <= NINE) {
    mantissa = mantissa * 10 + (byte - ZERO);
    if (mantissa > 0) significant++;
    at++;
  }
  const integerDigits = at - digitsFrom;
  let fractionDigits = 0;
  const hasMark = at < to && bytes[at] === decimal;
  if (hasMark) {
    const fractionFrom = ++at;
    while (at < to && (byte = bytes[at] as number) >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      if (mantissa > 0) significant++;
      at++;
    }
    fractionDigits = at - fractionFrom;
  }
  if (integerDigits + fractionDigits === 0) return Number.NaN;
  let exponent = 0;
  const hasExponent = at < to && ((bytes[at] as number) | 32) === 101;
  if (hasExponent) {
    at++;
    const negative = bytes[at] === 45;
    if (negative || bytes[at] === 43) at++;
    const exponentFrom = at;
    while (at < to && (byte = bytes[at] as number) >= ZERO && byte <= NINE) {
      if (exponent < 100_000) exponent = exponent * 10 + (byte - ZERO);
      at++;
    }
    if (at === exponentFrom) return Number.NaN;
    if (negative) exponent = -exponent;
  }
  if (at !== to) return Number.NaN;
  if (integerDigits > 1 && bytes[digitsFrom] === ZERO) {
    outcome = 'identifier';
    return Number.NaN;
  }
  outcome = 'number';
  const scale = exponent - fractionDigits;
  // Both factors are exact doubles, so one rounding remains (Clinger 1990): the result is the nearest double.
  if (significant <= 15 && scale >= -22 && scale <= 22) {
    const size = scale < 0 ? mantissa / (powersOfTen[-scale] as number) : mantissa * (powersOfTen[scale] as number);
    return first === 45 && size !== 0 ? -size : size;
  }
  if (mantissa === 0) return 0;
  return parseLong(bytes, from, to, decimal, hasMark || hasExponent);
}

/** What the cell is, in the grammar's words. */
export function classifyNumber(bytes: Uint8Array, from: number, to: number, decimal = 46): NumberClass {
  parseNumber(bytes, from, to, decimal);
  return outcome;
}

const encoder = new TextEncoder();

/** The same grammar for a text that stands alone (a form field, a request): NaN where it is no number. */
export function parseNumberText(text: string): number {
  const bytes = encoder.encode(text.trim());
  return parseNumber(bytes, 0, bytes.length);
}

/** More than 15 digits or a far exponent: the engine's own reading of a text already known to be plain. */
function parseLong(bytes: Uint8Array, from: number, to: number, decimal: number, real: boolean): number {
  let text = '';
  for (let at = from; at < to; at++) text += bytes[at] === decimal ? '.' : String.fromCharCode(bytes[at] as number);
  const value = Number(text);
  if (!Number.isFinite(value)) outcome = 'overflow';
  else if (!real && Math.abs(value) > Number.MAX_SAFE_INTEGER) outcome = 'identifier';
  else return value;
  return Number.NaN;
}
