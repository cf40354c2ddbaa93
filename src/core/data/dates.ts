import { StudioError } from '../shared/errors.ts';

/**
 * The one date grammar: 2024-03-02, 2024/03/02, 02.03.2024, 02/03/2024, 02-03-2024, 2 Mar 2024, Mar 2 2024, each with an
 * optional time (08:26, 08:26:00.5, 8:26 PM) and zone (Z, +05:30). A time without a zone is read as UTC: never the
 * machine's zone, never the engine's own date parser. Years have four digits. A day that no calendar has is no date.
 */
export type DateClass = 'date' | 'impossible' | 'none';

/** For dates of the form 02/03/2024: which readings the calendar allows. Other forms have one reading. */
export type DateOrder = 'fixed' | 'either' | 'day-first' | 'month-first';

let outcome: DateClass = 'none';
let order: DateOrder = 'fixed';
// The scan's place: one cell at a time is read.
let source: Uint8Array = new Uint8Array(0);
let at = 0;
let limit = 0;

/** Days since 1970-01-01 UTC of the date in bytes[from … to), or NaN. `dayFirst` reads 02/03/2024 as 2 March. */
export function parseDate(bytes: Uint8Array, from: number, to: number, dayFirst: boolean): number {
  outcome = 'none';
  order = 'fixed';
  if (to - from < 8 || to - from > 40) return Number.NaN;
  source = bytes;
  at = from;
  limit = to;
  const days = readDay(dayFirst);
  if (Number.isNaN(days)) return days;
  const time = readTime();
  if (!Number.isNaN(time)) outcome = 'date';
  return days + time;
}

export interface DateReading {
  readonly class: DateClass;
  readonly order: DateOrder;
}

/** What the cell is in the date grammar, and whether day and month could be swapped. */
export function classifyDate(bytes: Uint8Array, from: number, to: number): DateReading {
  parseDate(bytes, from, to, true);
  if (outcome === 'impossible') parseDate(bytes, from, to, false);
  return { class: outcome, order };
}

const encoder = new TextEncoder();

/** Days since 1970-01-01 UTC of 'YYYY-MM-DD'. Anything else is `data.date`. */
export function parseDay(text: string): number {
  const bytes = encoder.encode(text.trim());
  const days = /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? parseDate(bytes, 0, bytes.length, false) : Number.NaN;
  if (Number.isNaN(days)) {
    throw new StudioError('data.date', `"${text}" is not a day of the calendar written as YYYY-MM-DD.`, {
      fix: 'Write the day as year, month and day, for example 2024-03-31.',
    });
  }
  return days;
}

/** Days since 1970-01-01 of a day in the proleptic Gregorian calendar (Hinnant, "chrono-compatible date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function readDay(dayFirst: boolean): number {
  const start = at;
  const first = readDigits();
  const width = at - start;
  if (width === 0) return readMonthNameFirst();
  const mark = source[at];
  if (width === 4) {
    if (mark !== 45 && mark !== 47) return Number.NaN;
    at++;
    const month = readShort();
    if (source[at] !== mark || at >= limit) return Number.NaN;
    at++;
    return civil(first, month, readShort());
  }
  if (width > 2 || at >= limit) return Number.NaN;
  if (mark === 46 || mark === 47 || mark === 45) {
    at++;
    if (isLetter(source[at])) return readNamedMonth(first, mark);
    const second = readShort();
    if (source[at] !== mark || at >= limit) return Number.NaN;
    at++;
    const year = readYear();
    if (Number.isNaN(year) || Number.isNaN(second)) return Number.NaN;
    if (mark === 46) return civil(year, second, first);
    order = first > 12 ? 'day-first' : second > 12 ? 'month-first' : 'either';
    return dayFirst ? civil(year, second, first) : civil(year, first, second);
  }
  if (mark === 32) {
    at++;
    return readNamedMonth(first, 32);
  }
  return Number.NaN;
}

function readNamedMonth(day: number, mark: number): number {
  const month = readMonthName();
  if (source[at] !== mark) return Number.NaN;
  at++;
  return civil(readYear(), month, day);
}

function readMonthNameFirst(): number {
  const month = readMonthName();
  if (Number.isNaN(month) || source[at] !== 32) return Number.NaN;
  at++;
  const day = readShort();
  if (source[at] === 44) at++;
  if (source[at] !== 32) return Number.NaN;
  at++;
  return civil(readYear(), month, day);
}

const monthNames = 'january february march april may june july august september october november december'.split(' ');

function readMonthName(): number {
  let name = '';
  while (at < limit && isLetter(source[at])) name += String.fromCharCode((source[at++] as number) | 32);
  if (name.length < 3) return Number.NaN;
  const month = monthNames.findIndex((each) => each === name || each.slice(0, 3) === name) + 1;
  return month || (name === 'sept' ? 9 : Number.NaN);
}

/** Share of a day, 0 where there is no time; NaN where what follows the day is no time. */
function readTime(): number {
  if (at === limit) return 0;
  const mark = source[at];
  if (mark !== 32 && mark !== 84) return Number.NaN;
  at++;
  let hours = readShort();
  if (source[at] !== 58 || at >= limit) return Number.NaN;
  at++;
  const minutes = readShort();
  let seconds = 0;
  if (at < limit && source[at] === 58) {
    at++;
    seconds = readShort();
    if (at < limit && (source[at] === 46 || source[at] === 44)) seconds += readFraction();
  }
  const half = readHalfOfDay();
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return impossible();
    hours = (hours % 12) + half;
  }
  const zone = readZoneMinutes();
  if (at !== limit || Number.isNaN(hours + minutes + seconds + zone)) return Number.NaN;
  if (hours > 23 || minutes > 59 || seconds >= 60) return impossible();
  return (hours * 3600 + (minutes - zone) * 60 + seconds) / 86_400;
}

function readFraction(): number {
  const start = ++at;
  const digits = readDigits();
  let scale = 1;
  for (let i = start; i < at; i++) scale *= 10;
  return at === start ? Number.NaN : digits / scale;
}

function readHalfOfDay(): number | undefined {
  const start = at;
  if (source[at] === 32) at++;
  const letter = (source[at] as number) | 32;
  if (at + 2 <= limit && (letter === 97 || letter === 112) && ((source[at + 1] as number) | 32) === 109) {
    at += 2;
    return letter === 112 ? 12 : 0;
  }
  at = start;
  return undefined;
}

function readZoneMinutes(): number {
  if (at === limit) return 0;
  if (source[at] === 90) {
    at++;
    return 0;
  }
  const sign = source[at] === 43 ? 1 : source[at] === 45 ? -1 : Number.NaN;
  const start = ++at;
  const digits = readDigits();
  if (at - start === 4) return sign * (Math.floor(digits / 100) * 60 + (digits % 100));
  const hours = at - start === 2 ? digits : Number.NaN;
  if (at < limit && source[at] === 58) at++;
  const minutes = at < limit ? readShort() : 0;
  return hours > 14 || minutes > 59 ? Number.NaN : sign * (hours * 60 + minutes);
}

function civil(year: number, month: number, day: number): number {
  if (Number.isNaN(year + month + day)) return Number.NaN;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return impossible();
  return daysFromCivil(year, month, day);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function impossible(): number {
  outcome = 'impossible';
  return Number.NaN;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 32) >= 97 && (byte | 32) <= 122;
}

function readDigits(): number {
  let value = 0;
  while (at < limit) {
    const digit = (source[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  return value;
}

/** One or two digits. */
function readShort(): number {
  const start = at;
  const value = readDigits();
  return at - start >= 1 && at - start <= 2 ? value : Number.NaN;
}

function readYear(): number {
  const start = at;
  const value = readDigits();
  return at - start === 4 ? value : Number.NaN;
}
