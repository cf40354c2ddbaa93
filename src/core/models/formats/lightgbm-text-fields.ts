import { StudioError } from '../../shared/errors.ts';

/** Refuses a file, saying where. */
export function refuse(what: string, row?: number): StudioError {
  return new StudioError('model.format', `This is not a boosting model the studio can read: ${what}.`, {
    where: { file: 'model.txt', ...(row === undefined ? {} : { row }) },
    fix: 'Use a binary model in LightGBM text format, unchanged since it was saved.',
  });
}

/** The lines of a header or a tree by key. */
export type Fields = ReadonlyMap<string, string>;

/** `key=value` lines; only the first "=" parts. A key without "=" is kept with an empty value. */
export function readFields(lines: readonly string[], from: number, to: number): Fields {
  const fields = new Map<string, string>();
  for (let i = from; i < to; i++) {
    const line = lines[i] as string;
    if (line === '') continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (fields.has(key)) throw refuse(`"${key.slice(0, 40)}" stands twice`, i + 1);
    fields.set(key, equals < 0 ? '' : line.slice(equals + 1));
  }
  return fields;
}

/** The parts between single spaces; none for an empty or absent text. */
export function split(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(' ');
}
