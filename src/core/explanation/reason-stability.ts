/** How often a raw column that is named as a customer's reason is named again by models learned from other customers. */
export interface ReasonStability {
  /** Refits that the shares come from. */
  readonly refits: number;
  readonly columns: readonly { readonly column: string; readonly share: number }[];
}

/** The columns that one customer's reasons name. */
type Named = readonly string[];

/**
 * Learns the table from the reasons that the original model and each refit on resampled customers give the same customers,
 * in the same order: of all who have a column named by the original, the share of refits that name it too.
 */
export function fitStability(original: readonly Named[], refits: readonly (readonly Named[])[]): ReasonStability {
  const counts = new Map<string, { times: number; again: number }>();
  original.forEach((named, customer) => {
    for (const column of named) {
      const count = counts.get(column) ?? { times: 0, again: 0 };
      counts.set(column, count);
      for (const refit of refits) {
        count.times++;
        if (refit[customer]?.includes(column)) count.again++;
      }
    }
  });
  const columns = [...counts]
    .filter(([, { times }]) => times > 0)
    .map(([column, { times, again }]) => ({ column, share: again / times }))
    .sort((a, b) => (a.column < b.column ? -1 : 1));
  return { refits: refits.length, columns };
}

/** Null where the column was nobody's reason, or nothing is known. */
export function stabilityOf(table: ReasonStability | undefined, column: string): number | null {
  return table?.columns.find((each) => each.column === column)?.share ?? null;
}
