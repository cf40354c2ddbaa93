import { isMap, isScalar, isSeq, LineCounter } from 'yaml';
import { type AlertRule, readAlertRule } from '../../core/monitoring/alerts/rules.ts';
import { toPlainError } from '../../core/shared/errors.ts';
import { invalid, parse } from './yaml.ts';

/**
 * Alert rules from YAML: `rules:` with a list of `name, figure, above or below, for, severity, silenced`. Throws
 * `parameters.invalid` with the line (`where.row`) of whatever does not fit.
 */
export function readAlertRules(text: string): readonly AlertRule[] {
  const lines = new LineCounter();
  const rowOf = (node: unknown): number => {
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | null) : null;
    return lines.linePos(range?.[0] ?? 0).line;
  };
  const contents = parse(text, lines);
  if (!isMap(contents)) throw invalid('The file holds no "rules:".', 1);
  for (const { key } of contents.items) {
    if (!isScalar(key) || key.value !== 'rules') throw invalid('There is only "rules:" in this file.', rowOf(key));
  }
  const list = contents.get('rules', true);
  if (!isSeq(list)) throw invalid('"rules" is not a list.', rowOf(list));
  const seen = new Set<string>();
  return list.items.map((item) => {
    if (!isMap(item)) throw invalid('A rule is not a list of "name: value" lines.', rowOf(item));
    const fields = new Map<string, { readonly key: unknown; readonly value: unknown }>();
    for (const { key, value } of item.items) {
      if (!isScalar(key) || typeof key.value !== 'string') throw invalid('A key is no plain name.', rowOf(key));
      if (value !== null && !isScalar(value)) throw invalid(`"${key.value}" is no plain value.`, rowOf(key), key.value);
      fields.set(key.value, { key, value: isScalar(value) ? value.value : null });
    }
    const rule = read(Object.fromEntries([...fields].map(([name, { value }]) => [name, value])), (field) =>
      rowOf(fields.get(field)?.key ?? item),
    );
    if (seen.has(rule.name)) throw invalid(`Two rules are called "${rule.name}".`, rowOf(item), 'name');
    seen.add(rule.name);
    return rule;
  });
}

/** The file that `readAlertRules` reads. */
export function writeAlertRules(rules: readonly AlertRule[]): string {
  const lines = rules.flatMap(({ name, figure, above, below, for: windows, severity, silenced }) => [
    `  - name: ${JSON.stringify(name)}`,
    `    figure: ${figure}`,
    above === undefined ? `    below: ${below}` : `    above: ${above}`,
    `    for: ${windows} # windows in a row`,
    `    severity: ${severity}`,
    ...(silenced ? ['    silenced: true'] : []),
  ]);
  return `# When to alert. A rule fires when its figure has been above (or below) its limit for so many windows in a row.\nrules:${lines.length > 0 ? `\n${lines.join('\n')}` : ' []'}\n`;
}

function read(fields: Readonly<Record<string, unknown>>, rowOf: (field: string) => number): AlertRule {
  try {
    return readAlertRule(fields);
  } catch (error) {
    const { message, where, fix } = toPlainError(error);
    throw invalid(message, rowOf(where?.field ?? ''), where?.field, fix);
  }
}
