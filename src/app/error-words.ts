import type { ErrorCode, ErrorPlace, PlainError } from '../core/shared/errors.ts';

/** What a person can do next where the error itself does not say. A code without an entry does not compile. */
const nextSteps: Readonly<Record<ErrorCode, string>> = {
  'data.empty': 'Open a table with a header and at least one row.',
  'data.encoding': 'Save the file as UTF-8 and open it again.',
  'data.format': 'Open a .csv, .csv.gz or .parquet file.',
  'data.header': 'Give every column a name of its own in the first row.',
  'data.ragged-row': 'Give that row as many cells as the header has.',
  'data.unterminated-quote': 'Close the quotation mark, or take it out.',
  'data.too-large': 'Open a smaller part of the table.',
  'data.missing-column': 'Choose one of the columns that are there.',
  'data.type': 'Mend the cell, or read the column as text.',
  'data.label': 'Choose on the Data page which column and value say who converted.',
  'data.date': 'Write dates as YYYY-MM-DD, or say on which day the table was taken.',
  'data.split': 'Choose other shares for training, validation and test.',
  'parameters.invalid': 'Put the value back into its range.',
  'recipe.invalid': 'Build the features again.',
  'model.not-trained': 'Train three models first.',
  'model.format': 'Open a model that this studio saved.',
  'model.numeric': 'Try a smaller learning rate or stronger regularisation.',
  'bundle.format': 'Open a bundle that this studio saved.',
  'bundle.integrity': 'The file has changed since it was saved. Save the bundle again.',
  'bundle.version': 'Save the bundle again with this version of the studio.',
  'request.invalid': 'Mend the field named above.',
  'request.too-large': 'Send a smaller part.',
  'request.media-type': 'Send JSON.',
  'study.not-ready': 'Run the step before this one first.',
  'job.cancelled': 'Start it again whenever you like.',
  'server.busy': 'Wait a moment and try again.',
  'job.worker-lost': 'Start it again; if that fails too, reload the page.',
  'kernel.unavailable': 'Use a browser with WebAssembly.',
  internal: 'Start it again; if that fails too, copy the details and report them.',
};

/** Where the trouble lies and what to do about it. */
export function errorWords(error: PlainError): { what: string; where: string; next: string } {
  return { what: error.message, where: placeWords(error.where), next: error.fix ?? nextSteps[error.code] };
}

function placeWords(where: ErrorPlace | undefined): string {
  if (!where) return '';
  return [
    where.file,
    where.row === undefined ? '' : `row ${where.row}`,
    where.column === undefined
      ? ''
      : typeof where.column === 'number'
        ? `column ${where.column}`
        : `column "${where.column}"`,
    where.field,
  ]
    .filter(Boolean)
    .join(', ');
}
