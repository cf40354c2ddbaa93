import { StudioError } from '../shared/errors.ts';
import { lightgbmAliases, refusedLightgbmParameters } from './boosting/lightgbm-names.ts';
import type { ParameterSchema, Parameters, ParameterValue } from './parameters.ts';

/** Every parameter at its default. */
export function defaultParameters(schema: readonly ParameterSchema[]): Parameters {
  return Object.fromEntries(schema.map((parameter) => [parameter.name, parameter.default]));
}

/** The schema with the defaults that these values bring along; where they decide nothing, as it is. */
export function schemaFor(
  schema: readonly ParameterSchema[],
  values: Readonly<Record<string, unknown>>,
): readonly ParameterSchema[] {
  return schema.map((parameter) => {
    const { defaultBy } = parameter;
    if (!defaultBy) return parameter;
    const deciding = values[defaultBy.parameter] ?? schema.find(({ name }) => name === defaultBy.parameter)?.default;
    const value = typeof deciding === 'string' ? defaultBy.values[deciding] : undefined;
    return value === undefined ? parameter : ({ ...parameter, default: value } as ParameterSchema);
  });
}

/**
 * The given values over the defaults, in the schema's order; a value may come under an alias. An unknown name, one given
 * twice, a wrong type or a value out of range is `parameters.invalid`, its place "kind.name".
 */
export function checkParameters(
  kind: string,
  schema: readonly ParameterSchema[],
  given: Readonly<Record<string, unknown>>,
): Parameters {
  const values = withoutAliases(kind, given);
  for (const name of Object.keys(values)) {
    if (!schema.some((parameter) => parameter.name === name)) throw unknownName(kind, schema, name);
  }
  return Object.fromEntries(
    schemaFor(schema, values).map((parameter) => {
      const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined;
      return [parameter.name, value === undefined ? parameter.default : checkValue(kind, parameter, value)];
    }),
  );
}

/** Names that a kind's library of record also knows: aliases are taken, what is not supported is refused with the way out. */
const otherNames: Readonly<
  Record<string, { aliases: typeof lightgbmAliases; refused: typeof refusedLightgbmParameters }>
> = { boosting: { aliases: lightgbmAliases, refused: refusedLightgbmParameters } };

function withoutAliases(kind: string, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const aliases = Object.entries(otherNames[kind]?.aliases ?? {});
  const values = new Map<string, unknown>();
  for (const [key, value] of Object.entries(given)) {
    const name = aliases.find(([, others]) => others.includes(key))?.[0] ?? key;
    if (values.has(name)) {
      throw new StudioError('parameters.invalid', `${name} is given twice, under two names.`, {
        where: { field: `${kind}.${key}` },
        fix: `Keep ${name} alone.`,
      });
    }
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function checkValue(kind: string, parameter: ParameterSchema, value: unknown): ParameterValue {
  const refuse = (expected: string): never => {
    throw new StudioError('parameters.invalid', `${parameter.name} is ${shown(value)}; expected ${expected}.`, {
      where: { field: `${kind}.${parameter.name}` },
      fix: `Give ${parameter.name} ${expected}, or leave it out for its default, ${shown(parameter.default)}.`,
    });
  };
  switch (parameter.type) {
    case 'number':
    case 'integer': {
      const { min, max } = parameter;
      const noun = parameter.type === 'integer' ? 'a whole number' : 'a number';
      const fits = typeof value === 'number' && value >= min && value <= max;
      if (fits && (parameter.type === 'number' || Number.isInteger(value))) return value;
      return refuse(`${noun} from ${min} to ${max}`);
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case 'choice':
      return typeof value === 'string' && parameter.choices.includes(value)
        ? value
        : refuse(`one of ${parameter.choices.join(', ')}`);
    case 'text': {
      const { maxLength } = parameter;
      return typeof value === 'string' && value.length <= maxLength
        ? value
        : refuse(`text of at most ${maxLength} characters`);
    }
    case 'list': {
      const { min, max, maxLength } = parameter;
      const fits = (each: unknown): each is number =>
        typeof each === 'number' && Number.isInteger(each) && each >= min && each <= max;
      if (Array.isArray(value) && value.length >= 1 && value.length <= maxLength && value.every(fits)) return value;
      return refuse(`1 to ${maxLength} whole numbers from ${min} to ${max}`);
    }
  }
}

function unknownName(kind: string, schema: readonly ParameterSchema[], name: string): StudioError {
  const refused = otherNames[kind]?.refused ?? {};
  if (Object.hasOwn(refused, name)) {
    return new StudioError('parameters.invalid', `${kind} does not support ${name}.`, {
      where: { field: `${kind}.${name}` },
      fix: refused[name] as string,
    });
  }
  const names = schema.map((parameter) => parameter.name);
  const [nearest] = names
    .map((known) => ({ known, distance: editDistance(name.toLowerCase(), known.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const close = nearest && nearest.distance <= Math.max(2, name.length / 3);
  return new StudioError('parameters.invalid', `${kind} has no parameter "${name}".`, {
    where: { field: `${kind}.${name}` },
    fix: close ? `Did you mean ${nearest.known}?` : `Choose one of: ${names.join(', ')}.`,
  });
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
