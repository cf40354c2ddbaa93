import { StudioError } from '../../shared/errors.ts';
import type { BinnedFeature } from './binned-data.ts';
import type { BoostingFeature } from './boosting-model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import type { Parameters } from '../parameters.ts';

/** Rules that name features, by the position of a feature among those that can split. */
export interface FeatureRules {
  readonly monotone: readonly (-1 | 0 | 1)[];
  /** Sets of features that may stand in one branch; none: all may. */
  readonly interactions: readonly ReadonlySet<number>[];
}

/** Reads the parameters that name features. An unknown name or a rule that cannot hold is `parameters.invalid`. */
export function readFeatureRules(
  { monotone_constraints, interaction_constraints }: BoostingParameters,
  features: readonly BoostingFeature[],
  used: readonly BinnedFeature[],
): FeatureRules {
  const monotone = readMonotone(monotone_constraints, features);
  const positions = new Map(used.map(({ index }, position) => [index, position]));
  const toUsed = (set: ReadonlySet<number>) => new Set([...set].flatMap((index) => positions.get(index) ?? []));
  return {
    monotone: used.map(({ index }) => monotone[index] as -1 | 0 | 1),
    interactions: readInteractions(interaction_constraints, features).map(toUsed),
  };
}

/** LightGBM's own form of such rules: numbers by place, without names. */
export const byPlace = /^[-\d,[\]]*$/;

/** The rules in LightGBM's own form, "1,0,-1" and "[0,1],[2]"; what is in it already stays as it is. */
export function rulesByPlace(
  { monotone_constraints = '', interaction_constraints = '' }: Parameters,
  features: readonly BoostingFeature[],
): { readonly monotone_constraints: string; readonly interaction_constraints: string } {
  const [monotone, interactions] = [String(monotone_constraints), String(interaction_constraints)];
  const sets = () => readInteractions(interactions, features).map((set) => `[${[...set].join(',')}]`);
  return {
    monotone_constraints: byPlace.test(monotone) ? monotone : readMonotone(monotone, features).join(','),
    interaction_constraints: byPlace.test(interactions) ? interactions : sets().join(','),
  };
}

/** "1, 0, -1", one for each feature in order, or "age: 1, balance: -1", or the same as JSON. */
function readMonotone(text: string, features: readonly BoostingFeature[]): (-1 | 0 | 1)[] {
  const field = 'monotone_constraints';
  const signs = features.map((): -1 | 0 | 1 => 0);
  if (text.trim() === '') return signs;
  const set = (index: number, value: unknown) => {
    const sign = Number(value);
    const { name, kind } = features[index] as BoostingFeature;
    if (sign !== -1 && sign !== 0 && sign !== 1) {
      throw refuse(
        field,
        `"${name}" has the constraint ${String(value)}`,
        'Give 1 (rising), -1 (falling) or 0 (free).',
      );
    }
    if (sign !== 0 && kind === 'category') {
      throw refuse(field, `"${name}" is a category, which has no order`, 'Constrain numbers only.');
    }
    signs[index] = sign;
  };
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) {
    for (const [name, value] of Object.entries(parseJson(field, trimmed) as Record<string, unknown>)) {
      set(find(field, name, features), value);
    }
    return signs;
  }
  const parts = split(trimmed.replace(/^\[(.*)\]$/s, '$1'));
  if (parts.every((part) => /^[+-]?\d+$/.test(part))) {
    if (parts.length !== features.length) {
      const found = `it has ${parts.length} numbers for ${features.length} features`;
      throw refuse(field, found, 'Give one number per feature in order, or name them: "age: 1, balance: -1".');
    }
    parts.forEach((part, index) => set(index, part));
    return signs;
  }
  for (const part of parts) {
    const at = part.lastIndexOf(':');
    if (at < 0) throw refuse(field, `"${part}" has no ":"`, 'Write each as "name: 1" or "name: -1".');
    set(find(field, part.slice(0, at).trim(), features), part.slice(at + 1).trim());
  }
  return signs;
}

/** "[age, balance], [city]" by name or LightGBM's position, or the same as JSON. */
function readInteractions(text: string, features: readonly BoostingFeature[]): Set<number>[] {
  const field = 'interaction_constraints';
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed.includes('"')) {
    const lists = parseJson(field, trimmed.startsWith('[[') ? trimmed : `[${trimmed}]`);
    const isLists = Array.isArray(lists) && lists.every((list) => Array.isArray(list));
    if (!isLists) throw refuse(field, 'it is no list of lists', 'Write sets as ["age", "balance"], ["city"].');
    return (lists as unknown[][]).map((list) => new Set(list.map((name) => find(field, String(name), features))));
  }
  const sets = [...trimmed.matchAll(/\[([^[\]]*)\]/g)].map(([, inside]) => split(inside as string));
  const rest = trimmed.replaceAll(/\[[^[\]]*\]/g, '').replaceAll(/[[\],\s]/g, '');
  if (sets.length === 0 || rest !== '') {
    throw refuse(field, 'its features do not stand in brackets', 'Write sets as [age, balance], [city].');
  }
  return sets.map((names) => new Set(names.map((name) => find(field, name, features))));
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function find(field: string, name: string, features: readonly BoostingFeature[]): number {
  const index = features.findIndex((feature) => feature.name === name);
  if (index >= 0) return index;
  if (/^\d+$/.test(name) && Number(name) < features.length) return Number(name);
  const names = features.slice(0, 12).map((feature) => feature.name);
  const more = features.length > names.length ? ', …' : '';
  throw refuse(field, `there is no feature "${name}"`, `Choose among: ${names.join(', ')}${more}.`);
}

function parseJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(field, 'it is not JSON', 'Leave out quotes and braces, or write valid JSON.');
  }
}

function refuse(name: string, found: string, fix: string): StudioError {
  return new StudioError('parameters.invalid', `${name} cannot be used: ${found}.`, {
    where: { field: `boosting.${name}` },
    fix,
  });
}
