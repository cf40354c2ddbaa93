/** A thing a person should know about their data, with what to do about it. */
export interface DataFinding {
  readonly level: 'info' | 'warning' | 'problem';
  readonly title: string;
  readonly detail: string;
  readonly columns: readonly string[];
}
