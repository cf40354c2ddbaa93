import { log10, pow } from '../../shared/exact-math.ts';
import type { Axis } from '../figure.ts';
import { integer, number, percent } from '../words.ts';

/** From a value or category to a place in pixels, with the ticks to draw. */
export interface Scale {
  readonly place: (value: number | string) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Width of one category; 0 on a number axis. */
  readonly step: number;
}

/** Categories side by side, in the order given. */
export function categoryScale(categories: readonly string[], from: number, to: number): Scale {
  const step = Math.abs(to - from) / Math.max(1, categories.length);
  const direction = to >= from ? 1 : -1;
  const middleOf = new Map(categories.map((name, i) => [name, from + direction * step * (i + 0.5)]));
  return {
    step,
    place: (value) => middleOf.get(String(value)) ?? from,
    ticks: categories.map((name) => ({ at: middleOf.get(name) as number, label: name })),
  };
}

/** A straight or logarithmic number axis; the domain widens to round ticks unless the axis fixes its range. */
export function numberScale(axis: Axis, domain: readonly [number, number], from: number, to: number): Scale {
  const warp = axis.scale === 'log' ? (value: number) => log10(Math.max(value, 1e-12)) : (value: number) => value;
  const [low, high] = axis.range ?? domain;
  const ticks = axis.scale === 'log' ? powersOfTen(low, high) : niceTicks(low, high);
  const first = axis.range ? low : Math.min(low, ticks[0] ?? low);
  const last = axis.range ? high : Math.max(high, ticks.at(-1) ?? high);
  const span = warp(last) - warp(first) || 1;
  const place = (value: number | string): number => from + ((warp(Number(value)) - warp(first)) / span) * (to - from);
  const shown = ticks.filter((tick) => tick >= first - 1e-9 * span && tick <= last + 1e-9 * span);
  return { step: 0, place, ticks: shown.map((tick) => ({ at: place(tick), label: tickLabel(tick, axis) })) };
}

/** Round ticks (1, 2 or 5 times a power of ten), four to eight of them, covering the interval. */
export function niceTicks(low: number, high: number): readonly number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / 5;
  const power = pow(10, Math.floor(log10(rough)));
  const step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
  const ticks: number[] = [];
  for (let i = Math.floor(low / step + 1e-9); i * step < high + step * (1 - 1e-9); i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

function powersOfTen(low: number, high: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(log10(Math.max(low, 1e-12))); ; power++) {
    ticks.push(pow(10, power));
    if (pow(10, power) >= high) return ticks;
  }
}

function tickLabel(value: number, axis: Axis): string {
  if (axis.format === 'percent') return percent(value);
  if (axis.format === 'integer' || axis.format === 'money') return short(value);
  return Math.abs(value) >= 10_000
    ? short(value)
    : number(value)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
}

/** "40k", "1.5M": ticks are read, not added up. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (size >= 10_000) return `${trimmed(value / 1e3)}k`;
  return Number.isInteger(value) ? integer(value) : trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}
