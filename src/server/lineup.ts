import { mostReasons, type Reason } from '../core/explanation/reasons.ts';
import { reasonsFor, type ScoredCustomers } from '../core/scoring/reasons-for.ts';
import type { RecordFinding } from '../core/scoring/record-finding.ts';
import type { CustomerScore, Scorer } from '../core/scoring/scorer.ts';

export interface ServedModel {
  /** What callers know it by: "default", "challenger", "shadow". */
  readonly id: string;
  readonly scorer: Scorer;
  /** Share of customers it answers, 0 to 1. */
  readonly share: number;
  /** Seconds since 1970 at which it began to answer. */
  readonly loadedAt?: number | undefined;
}

/** Who answers, as it stood when a request came: a request keeps its line-up to the end. */
export interface Lineup {
  /** The default model first. */
  readonly models: readonly [ServedModel, ...ServedModel[]];
  /** The model that answers this customer; always the same one while an experiment runs. Absent: the default one. */
  readonly scorerFor?: (record: unknown) => Scorer;
  /** Told of everybody who was scored: drift windows and shadows. The customers are valid during the call only. */
  readonly observe?: (
    scorer: Scorer,
    records: readonly unknown[],
    results: readonly (CustomerScore | undefined)[],
    customers: ScoredCustomers,
  ) => void;
}

export interface ScoredRecords {
  readonly results: readonly (CustomerScore | undefined)[];
  readonly findings: readonly RecordFinding[];
  /** Where asked for. */
  readonly reasons: readonly (readonly Reason[] | undefined)[];
}

/** The most reasons for, and against, that may be asked for. */
export const reasonLimit: number = 10;

/** How many reasons `?reasons=` asks for, 0 to 10; undefined where it is no such number. `?reasons` alone is the usual 3. */
export function reasonsAsked(query: URLSearchParams): number | undefined {
  const text = query.get('reasons');
  if (text === null) return 0;
  if (text === '') return mostReasons;
  return /^\d{1,2}$/.test(text) && Number(text) <= reasonLimit ? Number(text) : undefined;
}

/** Scores customers in the order given, each by the model that answers it, with up to `most` reasons for and against. */
export function scoreRecords(lineup: Lineup, records: readonly unknown[], most = 0): ScoredRecords {
  const { scorerFor, models } = lineup;
  if (!scorerFor) return scoreBy(models[0].scorer, lineup, records, most);
  if (records.length === 1) return scoreBy(scorerFor(records[0]), lineup, records, most);
  const places = new Map<Scorer, number[]>();
  records.forEach((record, place) => {
    const scorer = scorerFor(record);
    const own = places.get(scorer);
    if (own) own.push(place);
    else places.set(scorer, [place]);
  });
  const results = new Array<CustomerScore | undefined>(records.length);
  const reasons = new Array<readonly Reason[] | undefined>(records.length);
  const findings: RecordFinding[] = [];
  for (const [scorer, own] of places) {
    const part = scoreBy(
      scorer,
      lineup,
      own.map((place) => records[place]),
      most,
    );
    own.forEach((place, i) => {
      results[place] = part.results[i];
      reasons[place] = part.reasons[i];
    });
    findings.push(...part.findings.map((finding) => ({ ...finding, record: own[finding.record] as number })));
  }
  findings.sort((a, b) => a.record - b.record);
  return { results, findings, reasons };
}

function scoreBy(scorer: Scorer, { observe }: Lineup, records: readonly unknown[], most: number): ScoredRecords {
  if (!observe && most === 0) return { ...scorer.scoreCustomers(records), reasons: [] };
  let scored: ScoredCustomers | undefined;
  const scores = scorer.scoreCustomers(records, { use: (customers) => (scored = customers) });
  const customers = scored as ScoredCustomers;
  observe?.(scorer, records, scores.results, customers);
  const reasons =
    most === 0 ? [] : scores.results.map((result, row) => result && reasonsFor(scorer.bundle, customers, row, most));
  return { ...scores, reasons };
}
