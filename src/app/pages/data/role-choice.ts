import type { Role } from '../../../core/data/schema.ts';
import type { DatasetSummary, RoleChoice } from '../../../core/jobs/study-contract.ts';

/** The roles as they are, with some changed. A column made the label takes over from the one before. */
export function choiceOf(dataset: DatasetSummary, changed: Readonly<Record<string, Role>>): RoleChoice {
  const newLabel = Object.entries(changed).find(([, role]) => role === 'label')?.[0];
  const roles = Object.fromEntries(
    dataset.columns.map(({ name, role }): [string, Role] => [
      name,
      changed[name] ?? (newLabel && role === 'label' ? 'ignore' : role),
    ]),
  );
  const candidate = dataset.labelCandidates.find((each) => each.column === newLabel);
  const label = newLabel
    ? { column: newLabel, positive: candidate?.positive ?? '1' }
    : dataset.label && roles[dataset.label.column] === 'label'
      ? { column: dataset.label.column, positive: dataset.label.positive }
      : undefined;
  return { roles, ...(label ? { label } : {}), ...(dataset.asOf === undefined ? {} : { asOf: dataset.asOf }) };
}
