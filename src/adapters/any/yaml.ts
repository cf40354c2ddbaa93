import { LineCounter, type Pair, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { ModelEntry, ModelKind } from '../../core/models/model.ts';
import { checkParameters } from '../../core/models/parameter-check.ts';
import type { ParameterSchema, ParameterValue, Parameters } from '../../core/models/parameters.ts';
import { StudioError, toPlainError } from '../../core/shared/errors.ts';

/** What the config needs to know of each section: entries of the model catalogue have it, and so have a server's settings. */
export interface ConfiguredModel<Kind extends string = ModelKind> extends Pick<ModelEntry, 'label' | 'parameters'> {
  readonly kind: Kind;
}

export type ModelConfig = Readonly<Record<ModelKind, Parameters>>;

/** A config is a page of text; what is much longer is something else. */
const longestText = 64 * 1024;

/**
 * The parameters of each kind of model from YAML such as public/config/model.yaml; what is left out has its default.
 * Throws `parameters.invalid` with the line (`where.row`) for bad YAML, an unknown or doubled key, or a value that the
 * model's declared parameters do not allow.
 */
export function readModelConfig<Kind extends string = ModelKind>(
  text: string,
  models: readonly ConfiguredModel<Kind>[],
): Readonly<Record<Kind, Parameters>> {
  const lines = new LineCounter();
  const rowOf = (node: unknown): number => {
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | null) : null;
    return lines.linePos(range?.[0] ?? 0).line;
  };
  const sections = new Map(readEntries(parse(text, lines), rowOf, 'The file').map(({ name, pair }) => [name, pair]));
  for (const [name, pair] of sections) checkSection(name, rowOf(pair.key), models);
  return Object.fromEntries(
    models.map((model) => [model.kind, readSection(model, sections.get(model.kind), rowOf)]),
  ) as Record<Kind, Parameters>;
}

/** The config of these parameters, each under its help line: the file that `readModelConfig` reads. */
export function writeModelConfig<Kind extends string = ModelKind>(
  models: readonly ConfiguredModel<Kind>[],
  config: Partial<Readonly<Record<Kind, Parameters>>> = {},
  title = 'Parameters of the three models.',
): string {
  const sections = models.map(({ kind, label, parameters }) => {
    const entries = parameters.map((parameter) => {
      const chosen = config[kind]?.[parameter.name];
      // What follows another parameter is left out until it is chosen: written, it would no longer follow.
      const hidden = parameter.defaultBy && chosen === undefined ? '# ' : '';
      const line = `${parameter.name}: ${writeValue(chosen ?? parameter.default)}`;
      return `  # ${parameter.help} ${rangeOf(parameter)}\n  ${hidden}${line}${defaultsOf(parameter)}\n`;
    });
    return `# ${label}\n${kind}:\n${entries.join('')}`;
  });
  return `# ${title} What is left out has the value shown here.\n\n${sections.join('\n')}`;
}

/** The document's contents, or `parameters.invalid` with the line of what is no YAML. */
export function parse(text: string, lines: LineCounter) {
  if (text.length > longestText)
    throw invalid(`The file has ${text.length} characters, expected at most ${longestText}.`, 1);
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw invalid(`${problem.message}.`, lines.linePos(problem.pos[0]).line);
    return document.contents;
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw invalid('The file cannot be read as YAML: it is nested too deeply.', 1);
  }
}

interface Entry {
  readonly name: string;
  readonly pair: Pair;
}

function readEntries(node: unknown, rowOf: (node: unknown) => number, what: string): Entry[] {
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) throw invalid(`${what} holds no "name: value" lines.`, rowOf(node));
  return node.items.map((pair) => {
    if (isScalar(pair.key) && typeof pair.key.value === 'string') return { name: pair.key.value, pair };
    throw invalid(`${what} has a key that is no plain name.`, rowOf(pair.key));
  });
}

function checkSection(name: string, row: number, models: readonly ConfiguredModel<string>[]): void {
  const kinds = models.map((model) => model.kind);
  if (kinds.some((kind) => kind === name)) return;
  throw invalid(`There is no section "${name}".`, row, name, `Choose one of: ${kinds.join(', ')}.`);
}

function readSection(
  { kind, parameters }: ConfiguredModel<string>,
  section: Pair | undefined,
  rowOf: (node: unknown) => number,
): Parameters {
  const entries = readEntries(section?.value ?? null, rowOf, `The section "${kind}"`);
  const values = Object.fromEntries(
    entries.map(({ name, pair }) => [name, readValue(pair.value, rowOf, `${kind}.${name}`)]),
  );
  try {
    return checkParameters(kind, parameters, values);
  } catch (error) {
    const { message, where, fix } = toPlainError(error);
    const culprit = entries.find(({ name }) => where?.field === `${kind}.${name}`);
    throw invalid(message, rowOf(culprit?.pair.key ?? section?.key), where?.field, fix);
  }
}

function readValue(node: unknown, rowOf: (node: unknown) => number, field: string): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node) && node.items.every((item) => isScalar(item)))
    return node.items.map((item) => (isScalar(item) ? item.value : null));
  if (node === null) return null;
  throw invalid(`${field} is neither a value nor a list of values.`, rowOf(node), field);
}

function defaultsOf({ defaultBy }: ParameterSchema): string {
  if (!defaultBy) return '';
  const others = Object.entries(defaultBy.values).map(([choice, value]) => `${writeValue(value)} with ${choice}`);
  return ` # ${others.join(', ')}`;
}

function rangeOf(parameter: ParameterSchema): string {
  switch (parameter.type) {
    case 'number':
    case 'integer':
      return `(${parameter.min} to ${parameter.max})`;
    case 'choice':
      return `(${parameter.choices.join(', ')})`;
    case 'boolean':
      return '(true, false)';
    case 'text':
      return '(text)';
    case 'list':
      return `(up to ${parameter.maxLength}, each ${parameter.min} to ${parameter.max})`;
  }
}

function writeValue(value: ParameterValue): string {
  if (typeof value === 'object') return `[${value.join(', ')}]`;
  // A word such as "true" would come back as something else than text.
  const plain = typeof value !== 'string' || /^(?!(?:true|false|null)$)[a-z]\w*$/i.test(value);
  return plain ? String(value) : JSON.stringify(value);
}

/** `parameters.invalid` that names the line. */
export function invalid(
  message: string,
  row: number,
  field?: string,
  fix = 'Mend the line, or start again from the default config.',
): StudioError {
  return new StudioError('parameters.invalid', `Line ${row}: ${message}`, {
    where: { row, ...(field ? { field } : {}) },
    fix,
  });
}
