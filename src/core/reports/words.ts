/** A share as people read it: "38 %", "7.6 %", "0.4 %". */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const value = share * 100;
  const size = Math.abs(value);
  return `${signed(size === 0 || size >= 10 ? value.toFixed(0) : value.toFixed(size >= 0.95 ? 1 : 2)).replace(/\.0+$/, '')} %`;
}

/** A whole number with thousands marked: "50,000". */
export function integer(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return signed(value.toFixed(0).replace(/\B(?=(\d{3})+(?!\d))/g, ','));
}

/** Three significant digits, thousands marked: "0.874", "7.60", "1,230". */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 99.95) return integer(value);
  if (size < 0.0001) return signed(value.toExponential(1));
  return signed(value.toPrecision(3));
}

/** Two significant digits, for sentences: "4.7", "0.38", "12". */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 10 ? integer(value) : signed(String(Number(value.toPrecision(2))));
}

/** "1 feature", "63 features". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${integer(count)} ${count === 1 ? one : many}`;
}

/** "recency, frequency and email". */
export function listing(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** A name from code as words: "email_open_rate" is "email open rate". */
export function plainName(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Words as they begin a sentence. */
export function upperFirst(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Words as they stand within a sentence; abbreviations keep their capitals: "days since …", "RFM segment". */
export function lowerFirst(words: string): string {
  return /^[A-Z][a-z]/.test(words) ? `${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
}

/** "stable", "moderate", "significant", or "within noise" where chance alone would move it as far. */
export function driftWord({ band, alarm }: { readonly band: string; readonly alarm: boolean }): string {
  return alarm || band === 'stable' ? band : 'within noise';
}

/** The true minus sign: it is as wide as the digits. */
function signed(text: string): string {
  return text.replace(/^-/, '−');
}
