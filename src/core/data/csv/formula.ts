/**
 * Spreadsheets run a cell that begins with = + - @ tab CR or the full-width ＝ as a formula. Written text gets an
 * apostrophe before it, and so does text that already begins with apostrophes and such a character: then taking one
 * away on reading gives back exactly what was written.
 */
const dangerous = /^'*[=+\-@\t\r\uff1d]/;

export function guardFormula(text: string): string {
  return dangerous.test(text) ? `'${text}` : text;
}

/** Where the text of a cell begins once the guarding apostrophe is taken away. */
export function unguardedStart(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== 39) return from;
  let at = from;
  while (at < to && bytes[at] === 39) at++;
  if (at >= to) return from;
  const byte = bytes[at];
  const fullWidth = byte === 0xef && bytes[at + 1] === 0xbc && bytes[at + 2] === 0x9d;
  const isGuarded = byte === 61 || byte === 43 || byte === 45 || byte === 64 || byte === 9 || byte === 13 || fullWidth;
  return isGuarded ? from + 1 : from;
}
