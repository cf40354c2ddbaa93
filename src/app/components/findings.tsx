import { Button } from '@mantine/core';
import type { Finding } from '../../core/jobs/study-contract.ts';

/** What a person should know about the data, worst first. `leaveOut` offers to go on without the columns named. */
export function Findings({
  findings,
  leaveOut,
}: {
  findings: readonly Finding[];
  leaveOut?: ((columns: readonly string[]) => void) | undefined;
}) {
  const order = { problem: 0, warning: 1, info: 2 } as const;
  const sorted = [...findings].sort((a, b) => order[a.level] - order[b.level]);
  return (
    <ul className="findings stack tight">
      {sorted.map((finding) => (
        <li key={`${finding.title}${finding.columns.join()}`} className={`notice ${finding.level}`}>
          <div className="row apart">
            <div className="grow">
              <strong>{finding.title}</strong> <span>{finding.detail}</span>
            </div>
            {leaveOut && finding.level !== 'info' && finding.columns.length > 0 && (
              <Button size="compact-sm" variant="default" onClick={() => leaveOut(finding.columns)}>
                Train without {finding.columns.length === 1 ? 'it' : 'them'}
              </Button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
