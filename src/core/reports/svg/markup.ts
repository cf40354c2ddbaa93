/** Text made safe inside markup, attributes included. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** One element with escaped attributes. `content` is markup already. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    return ` ${key}="${typeof value === 'number' ? short(value) : escaped(value)}"`;
  });
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

/** Pixels to a tenth: half the bytes, and nobody sees the rest. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : '0';
}

/** Rough width of text in a sans face, in pixels. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const letter of text) units += /[ilj.,:;|'!() ]/.test(letter) ? 0.36 : /[A-Zmw%@]/.test(letter) ? 0.78 : 0.59;
  return units * size;
}

/** Text cut to fit, with an ellipsis. */
export function fitted(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, size) > width) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}
