import { errorWords } from '../../error-words.ts';
import { formatPercent } from '../../format.ts';
import type { Answer } from './use-answer.ts';

/** How far a view's answer is, or why there is none; nothing once it is there. */
export function Waiting({ answer, what }: { answer: Answer<unknown>; what: string }) {
  if (answer.state === 'done') return null;
  if (answer.state === 'failed') {
    const { what: found, next } = errorWords(answer.error);
    return (
      <div className="notice problem" role="alert">
        <strong>{what} did not work.</strong> {found} {next}
      </div>
    );
  }
  // The last answer stays on show meanwhile; whoever drives the page sees that it is not the one asked for.
  if (answer.last !== undefined) return <span className="explain-wait" hidden />;
  const { progress } = answer;
  return (
    <p className="muted explain-wait" role="status">
      {progress ? `${progress.stage}, ${formatPercent(progress.fraction)}` : `${what} …`}
    </p>
  );
}
