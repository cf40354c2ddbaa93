import { StudioError } from '../core/shared/errors.ts';

/** Deeper JSON than any request needs; code that walks the value may recurse. */
const deepest = 32;

/**
 * JSON from a stranger. Refused with `request.invalid`: what is no JSON, a key twice in one object, `__proto__` as a key
 * (harmless here, and never honest), nesting deeper than 32, and numbers that no double holds (1e999).
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    checkKeysAndDepth(text);
    throw refuse(cause instanceof Error ? `${cause.message}.` : 'It cannot be parsed.');
  }
  // A key that came twice is one key now. Which one it was is told by the slower look, as are the others.
  if (checkValue(value, 0) !== countKeys(text)) {
    checkKeysAndDepth(text);
    throw refuse('It has a field twice.');
  }
  return value;
}

/** The number of keys in all of it; a reviver would do the same at several times the cost of parsing. */
function checkValue(value: unknown, depth: number): number {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse('It holds a number too large for a double.');
    return 0;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === deepest) throw tooDeep();
  let keys = 0;
  if (Array.isArray(value)) {
    for (const each of value) keys += checkValue(each, depth + 1);
    return keys;
  }
  for (const key in value) {
    if (key === '__proto__') throw refuse('It has a field "__proto__".');
    keys += 1 + checkValue((value as Record<string, unknown>)[key], depth + 1);
  }
  return keys;
}

/** Strings that a colon follows, in what is JSON; hops from quote to quote. */
function countKeys(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at) + 1;
    let code = text.charCodeAt(at);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++at);
    if (code === 58) keys++;
  }
  return keys;
}

/** Looks at strings, colons and brackets only; whether all of it is JSON is for the parser to say. */
function checkKeysAndDepth(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let lastString: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      lastString = text.slice(at, end + 1);
      at = end;
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > deepest) throw tooDeep();
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === ':' && lastString !== undefined) {
      const keys = open.at(-1);
      const key = unescaped(lastString);
      if (key === '__proto__') throw refuse('It has a field "__proto__".');
      if (keys?.has(key)) throw refuse(`It has the field ${lastString.slice(0, 60)} twice.`);
      keys?.add(key);
    }
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  // An escaped quote has an odd number of backslashes before it.
  while (end > 0 && text.charCodeAt(end - 1) === 92) {
    let first = end - 1;
    while (text.charCodeAt(first - 1) === 92) first--;
    if ((end - first) % 2 === 0) break;
    end = text.indexOf('"', end + 1);
  }
  return end < 0 ? text.length : end;
}

function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw refuse('It holds a string with an invalid escape.');
  }
}

function tooDeep(): StudioError {
  return refuse(`It is nested deeper than ${deepest} levels.`);
}

function refuse(why: string): StudioError {
  return new StudioError('request.invalid', `The body is not acceptable JSON. ${why}`, {
    fix: "Send one JSON object with the customer's fields, such as public/sample-request.json.",
  });
}
