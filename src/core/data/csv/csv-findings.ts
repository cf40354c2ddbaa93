import type { DataFinding } from '../findings.ts';
import type { ColumnBuilder } from './columns.ts';
import type { Encoding } from './encoding.ts';
import type { ColumnPlan } from './infer.ts';
import type { RejectedRow, RowCounts } from './pass.ts';

/** What a person should know about how the file was read. */
export function fileFindings(
  encoding: Encoding,
  counts: RowCounts,
  rejected: readonly RejectedRow[],
  strayQuotes: number,
  width: number,
): DataFinding[] {
  const findings: DataFinding[] = [];
  if (encoding === 'windows-1252') {
    findings.push({
      level: 'info',
      title: 'Read as Windows-1252 (Latin-1)',
      detail: 'The file is not UTF-8. Check that accented letters look right; otherwise save it as UTF-8.',
      columns: [],
    });
  }
  if (encoding === 'utf-8-repaired') {
    findings.push({
      level: 'warning',
      title: 'Broken characters were replaced',
      detail: 'Some bytes are not valid UTF-8 and appear as �. Save the file again as UTF-8.',
      columns: [],
    });
  }
  if (counts.rejected > 0) {
    const rows = rejected.slice(0, 5).map((each) => `${each.fileRow} (${each.cellCount} cells)`);
    findings.push({
      level: 'warning',
      title: `${counts.rejected} of ${counts.read} rows were left out`,
      detail: `They do not have the ${width} cells of the header: ${counts.rejected === 1 ? 'row' : 'rows'} ${rows.join(', ')}${counts.rejected > 5 ? ', …' : ''}. Check them for a missing or extra delimiter.`,
      columns: [],
    });
  }
  if (counts.blank > 0) {
    findings.push({
      level: 'info',
      title: `${counts.blank} blank rows were skipped`,
      detail: 'Rows without any value are no customers.',
      columns: [],
    });
  }
  if (strayQuotes > 0) {
    findings.push({
      level: 'warning',
      title: 'Quotes inside quoted text',
      detail: `${strayQuotes} quotes were neither doubled nor at the end of a cell; they were kept as characters. Double them ("") to be sure.`,
      columns: [],
    });
  }
  return findings;
}

/** What a person should know about how a column was read. */
export function columnFindings(name: string, plan: ColumnPlan, builder: ColumnBuilder): DataFinding[] {
  const { tally, misfits } = builder;
  if (plan.kind === 'text') return [];
  const findings: DataFinding[] = [];
  const wrongOrder = plan.dayFirst ? tally.monthFirst : tally.dayFirst;
  const misfitCount =
    plan.kind === 'number'
      ? tally.identifier + tally.overflow + tally.date + tally.impossibleDate + tally.other
      : tally.number + tally.identifier + tally.overflow + tally.impossibleDate + tally.other + wrongOrder;
  if (misfitCount > 0) {
    const examples = misfits.map((misfit) => `"${misfit.text}" in row ${misfit.fileRow}`);
    const reason =
      plan.kind === 'number'
        ? tally.overflow
          ? 'no numbers, or too large for one'
          : 'no numbers'
        : 'no days of the calendar';
    findings.push({
      level: 'warning',
      title: `${misfitCount} ${misfitCount === 1 ? 'value' : 'values'} of "${name}" could not be read`,
      detail: `They are ${reason} and are taken as missing: ${examples.join(', ')}${misfitCount > misfits.length ? ', …' : ''}.`,
      columns: [name],
    });
  }
  if (plan.kind === 'date' && tally.eitherOrder > 0 && tally.dayFirst === tally.monthFirst) {
    findings.push({
      level: 'warning',
      title: `"${name}" can be read in two ways`,
      detail: `No date tells whether day or month comes first; 02/03/2024 was taken as ${plan.dayFirst ? '2 March' : '3 February'} 2024. Write dates as 2024-03-02 to be sure.`,
      columns: [name],
    });
  }
  return findings;
}
