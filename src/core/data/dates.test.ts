import { expect, test } from 'vitest';
import { classifyDate, daysFromCivil, parseDate, parseDay } from './dates.ts';
import { formatDay } from './frame.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const days = (text: string, dayFirst = true) => parseDate(bytes(text), 0, bytes(text).length, dayFirst);
const classOf = (text: string) => classifyDate(bytes(text), 0, bytes(text).length);

test('days count as the calendar does, from year 1 to 9999', () => {
  for (let day = -719_162; day < 2_932_897; day += 137) {
    const date = new Date(day * 86_400_000);
    expect(daysFromCivil(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(day);
  }
});

test.each([
  '2024-03-02',
  '2024/3/2',
  '02.03.2024',
  '2.3.2024',
  '02/03/2024',
  '2-3-2024',
  '2 Mar 2024',
  '02-MAR-2024',
  'March 2, 2024',
  'Mar 2 2024',
  '2/Mar/2024',
])('%s is 2 March 2024', (text) => {
  expect(formatDay(days(text))).toBe('2024-03-02');
});

test.each([
  ['2024-03-02 08:26', '2024-03-02T08:26:00'],
  ['2024-03-02T08:26:30.25', '2024-03-02T08:26:30'],
  ['2024-03-02T08:26:00Z', '2024-03-02T08:26:00'],
  ['2024-03-02T00:30:00+05:30', '2024-03-01T19:00:00'],
  ['2024-03-02T23:30:00-0200', '2024-03-03T01:30:00'],
  ['12/1/2010 8:26 PM', '2010-01-12T20:26:00'],
  ['2/3/2024 12:00 am', '2024-03-02'],
])('%s is %s', (text, expected) => {
  expect(formatDay(days(text))).toBe(expected);
});

test.each(['2024-02-30', '2023-02-29', '2024-13-01', '2024-00-10', '31/04/2024', '2024-03-02 25:00', '00/10/2024'])(
  '%s is on no calendar',
  (text) => {
    expect(classOf(text).class).toBe('impossible');
    expect(days(text)).toBeNaN();
  },
);

test.each([
  '20240302',
  '2024-3',
  '02/03/24',
  'today',
  '2024-03-02x',
  '2024-03/02',
  '1.5.3.2024',
  '12:30',
  'Marching 2 2024',
  '2024-03-02 8',
])('%s is no date', (text) => {
  expect(classOf(text).class).toBe('none');
});

test('only a day above 12 tells the order of day and month', () => {
  expect(classOf('02/03/2024').order).toBe('either');
  expect(classOf('25/03/2024').order).toBe('day-first');
  expect(classOf('03/25/2024').order).toBe('month-first');
  expect(classOf('25.03.2024').order).toBe('fixed');
  expect(formatDay(days('02/03/2024', false))).toBe('2024-02-03');
});

test('the snapshot day is written in one way', () => {
  expect(parseDay('1970-01-02')).toBe(1);
  for (const text of ['2024-02-30', '02/03/2024', '', '2024-3-2']) {
    expect(() => parseDay(text)).toThrow(
      expect.objectContaining({ code: 'data.date', fix: expect.stringContaining('2024-03-31') }),
    );
  }
});
