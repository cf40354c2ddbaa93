import { readFileSync, statSync } from 'node:fs';
import { unzipFiles } from '../adapters/any/zip.ts';
import { readBundle } from '../core/scoring/read-bundle.ts';
import { type Scorer, createScorer } from '../core/scoring/scorer.ts';

/**
 * The scorer of a bundle file, read again whenever the file changes. A file that is absent gives undefined; one that
 * cannot be read throws, unless an earlier one still answers, which then goes on and `report` is told.
 */
export function openBundleFile(path: string, report: (error: unknown) => void): () => Scorer | undefined {
  let scorer: Scorer | undefined;
  let seen = '';
  let failure: unknown;
  return () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) return scorer;
    const stamp = `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
    if (stamp !== seen) {
      seen = stamp;
      failure = undefined;
      try {
        // Read once, then check and use those very bytes.
        scorer = createScorer(readBundle(unzipFiles(readFileSync(path))));
      } catch (error) {
        failure = error;
        report(error);
      }
    }
    if (!scorer && failure) throw failure;
    return scorer;
  };
}
