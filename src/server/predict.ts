import { reasonsNote } from '../core/explanation/reasons.ts';
import { type ExplanationUnit, explanationUnits } from '../core/explanation/units.ts';
import { explainCustomer } from '../core/scoring/explain-customers.ts';
import { reasonsFor } from '../core/scoring/reasons-for.ts';
import type { CustomerScore } from '../core/scoring/scorer.ts';
import { jsonReply, type Reply } from './exchange.ts';
import { type Lineup, reasonLimit, reasonsAsked, scoreRecords } from './lineup.ts';
import { type FieldProblem, fieldProblems, problem } from './problems.ts';

type Count = (results: readonly (CustomerScore | undefined)[]) => void;

/** POST /predict: one customer's score, with reasons where asked for. */
export function predict(lineup: Lineup, customer: unknown, query: URLSearchParams, count: Count): Reply {
  const most = reasonsAsked(query);
  if (most === undefined) return wrongReasons();
  const { results, findings, reasons } = scoreRecords(lineup, [customer], most);
  count(results);
  const [result] = results;
  if (!result) return refused(fieldProblems(findings, 1).refused[0] ?? []);
  return jsonReply({
    ...result,
    ...(most > 0 ? { reasons: reasons[0] ?? [], reasons_note: reasonsNote } : {}),
    findings: findings.length === 0 ? [] : (fieldProblems(findings, 1).notes[0] ?? []),
  });
}

/** POST /explain: what each raw column and each feature adds to one customer's number. */
export function explain(lineup: Lineup, customer: unknown, query: URLSearchParams, count: Count): Reply {
  const most = reasonsAsked(query);
  if (most === undefined) return wrongReasons();
  const asked = query.get('unit') ?? 'probability';
  const unit = explanationUnits.find((each) => each === asked);
  if (!unit) return wrongUnit(asked);
  const scorer = lineup.scorerFor?.(customer) ?? lineup.models[0].scorer;
  const { results, findings, explanation, customers } = explainCustomer(scorer, customer, unit);
  count(results);
  const [result] = results;
  const { notes, refused: errors } = fieldProblems(findings, 1);
  if (!result || !explanation || !customers) return refused(errors[0] ?? []);
  return jsonReply({
    ...result,
    explanation,
    ...(most > 0 ? { reasons: reasonsFor(scorer.bundle, customers, 0, most) } : {}),
    reasons_note: reasonsNote,
    findings: notes[0] ?? [],
  });
}

function refused(errors: readonly FieldProblem[]): Reply {
  const message = `The customer cannot be scored: ${errors.length === 1 ? 'one field is' : `${errors.length} fields are`} missing or unusable.`;
  return problem({ code: 'request.invalid', message }, { status: 422, errors });
}

export function wrongReasons(): Reply {
  const message = `reasons= is a number from 0 to ${reasonLimit}.`;
  return problem({ code: 'request.invalid', message }, { status: 400 });
}

function wrongUnit(asked: string): Reply {
  const units: readonly ExplanationUnit[] = explanationUnits;
  const message = `There is no unit "${asked.slice(0, 40)}"; units are ${units.join(', ')}.`;
  return problem({ code: 'request.invalid', message }, { status: 400 });
}
