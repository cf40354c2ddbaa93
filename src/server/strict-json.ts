import { StudioError } from '../core/shared/errors.ts';

/** Deeper JSON than any request needs; code that walks the value may recurse. */
const deepest = 32;

/**
 * JSON from a stranger. Refused with `request.invalid`: what is no JSON, a key twice in one object, `__proto__` as a key
 * (harmless here, and never honest), nesting deeper than 32, and numbers that no double holds (1e999).
 */
export function parseStrictJson(text: string): unknown {
  checkKeysAndDepth(text);
  try {
    const value: unknown = JSON.parse(text);
    checkNumbers(value);
    return value;
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw refuse(cause instanceof Error ? `${cause.message}.` : 'It cannot be parsed.');
  }
}

/** A reviver would do the same at several times the cost of parsing. */
function checkNumbers(value: unknown): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse('It holds a number too large for a double.');
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) checkNumbers(each);
  }
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
      if (open.length > deepest) throw refuse(`It is nested deeper than ${deepest} levels.`);
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
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw refuse('It holds a string with an invalid escape.');
  }
}

function refuse(why: string): StudioError {
  return new StudioError('request.invalid', `The body is not acceptable JSON. ${why}`, {
    fix: "Send one JSON object with the customer's fields, such as public/sample-request.json.",
  });
}
