/** An attribution and the raw columns that it belongs to: one, or several where they stay together. */
export interface ColumnAttribution {
  readonly columns: readonly string[];
  readonly attribution: number;
}

/**
 * Attributions of features counted to the raw columns they are made of, in the order in which these first appear. What is
 * made of several columns is split equally among them, or counted to them as a group of its own; the total stays. Not the
 * Shapley value of the game whose players are raw columns.
 * @param columnsOf raw columns of each feature, in the attributions' order
 */
export function byRawColumn(
  attributions: readonly number[],
  columnsOf: readonly (readonly string[])[],
  sharing: 'split' | 'group',
): ColumnAttribution[] {
  const sums = new Map<string, { readonly columns: readonly string[]; attribution: number }>();
  const add = (columns: readonly string[], attribution: number): void => {
    const key = JSON.stringify(columns);
    const sum = sums.get(key);
    if (sum) sum.attribution += attribution;
    else sums.set(key, { columns, attribution });
  };
  attributions.forEach((attribution, i) => {
    const columns = columnsOf[i] ?? [];
    if (sharing === 'group' || columns.length === 0) add(columns.toSorted(), attribution);
    else for (const column of columns) add([column], attribution / columns.length);
  });
  return [...sums.values()];
}
