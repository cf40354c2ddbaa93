import { watchedFigures } from './figures.ts';
import type { AlertRule } from './rules.ts';

const prefix = 'propensity_monitoring_';

/** Gauges of a window in Prometheus' text format (0.0.4); figures that the window does not have are left out. */
export function prometheusGauges(figures: Readonly<Record<string, number>>, model: string): string {
  return watchedFigures
    .filter(({ name }) => Number.isFinite(figures[name]))
    .map(({ name, help }) => {
      const metric = `${prefix}${name}`;
      return `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${metric}{model="${escaped(model)}"} ${figures[name]}\n`;
    })
    .join('');
}

/**
 * The same rules for Prometheus, in YAML: each fires on the gauges above where ours does (but a gauge that is gone resolves there, and waits here). `windowSeconds`: how long
 * a window lasts, since Prometheus counts time and we count windows.
 */
export function prometheusRules(rules: readonly AlertRule[], windowSeconds: number): string {
  const lines = rules
    .filter(({ silenced }) => !silenced)
    .flatMap(({ name, figure, above, below, for: windows, severity }) => [
      `      - alert: ${JSON.stringify(name)}`,
      `        expr: ${prefix}${figure} ${above === undefined ? `< ${below}` : `> ${above}`}`,
      `        for: ${(windows - 1) * windowSeconds}s`,
      `        labels: { severity: ${severity} }`,
      `        annotations: { summary: ${JSON.stringify(`${name}: ${figure} is {{ $value }}`)} }`,
    ]);
  return `groups:\n  - name: propensity-monitoring\n    rules:${lines.length > 0 ? `\n${lines.join('\n')}` : ' []'}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
