import { unbroken } from '../format.ts';

/** The head of every page: where we are, and what the results say in one or two sentences. */
export function Verdict({ step, children }: { step: string; children: string }) {
  return (
    <header className="verdict">
      <h1 className="step">{step}</h1>
      <p className="sentence" data-verdict>
        {unbroken(children)}
      </p>
    </header>
  );
}
