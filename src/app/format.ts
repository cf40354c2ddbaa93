/** Numbers as people read them: three significant digits, thousands separators, missing as an en dash. */
const locale = 'en-US';
const significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const fixedThree = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

/** Before the per cent sign stands a narrow space that does not break. */
const thin = '\u202f';

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 1000 ? whole.format(value) : significant.format(value);
}

export function formatInteger(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : '–';
}

/** Measures between 0 and 1 that are compared to the third decimal: AUC, scores. */
export function formatMeasure(value: number): string {
  return Number.isFinite(value) ? fixedThree.format(value) : '–';
}

export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${significant.format(share * 100)}${thin}%` : '–';
}

export function formatTimes(value: number): string {
  return Number.isFinite(value) ? `${significant.format(value)}×` : '–';
}

export function formatMoney(value: number, currency: string): string {
  if (!Number.isFinite(value)) return '–';
  try {
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0,
    }).format(value);
  } catch {
    return `${currency} ${whole.format(value)}`;
  }
}

/** "0.4 s", "12 s", "3 min 20 s". */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${significant.format(Math.max(0, Math.round(seconds * 10) / 10))} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${whole.format(bytes)} bytes`;
  if (bytes < 1e6) return `${significant.format(bytes / 1e3)} kB`;
  return `${significant.format(bytes / 1e6)} MB`;
}

/** A figure with its band: "0.874 (0.861–0.887)". */
export function formatBanded(
  banded: { value: number; low: number; high: number },
  format: (value: number) => string,
): string {
  return `${format(banded.value)} (${format(banded.low)}–${format(banded.high)})`;
}

/** At the end of a line a number is parted neither from its per cent sign nor from the other end of its range. */
export function unbroken(sentence: string): string {
  return sentence.replaceAll(' %', `${thin}%`).replace(/(\d\)?)–(?=[\d(€$])/g, '$1\u2060–\u2060');
}
