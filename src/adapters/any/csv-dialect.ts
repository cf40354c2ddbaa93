import Papa from 'papaparse';

/** How a delimited text is laid out. */
export interface CsvDialect {
  /** "," ";" tab or "|". */
  readonly delimiter: string;
  /** Records before the header that are no data: Excel's `sep=;` line. */
  readonly skipRecords: number;
}

const delimiters = [',', ';', '\t', '|'];

/** Tells the dialect from a text's first lines; a text with none of the delimiters is one column. */
export function sniffDialect(head: string): CsvDialect {
  const declared = /^sep=([,;|\t])\r?\n/i.exec(head);
  if (declared) return { delimiter: declared[1] as string, skipRecords: 1 };
  const { meta } = Papa.parse(head, { preview: 50, delimitersToGuess: delimiters, skipEmptyLines: true });
  return { delimiter: delimiters.includes(meta.delimiter) ? meta.delimiter : ',', skipRecords: 0 };
}

/** The cells of a small table pasted as text (from a spreadsheet: tabs), header row first. */
export function readPasted(text: string): string[][] {
  return Papa.parse<string[]>(text.trim(), { delimitersToGuess: ['\t', ...delimiters], skipEmptyLines: 'greedy' }).data;
}
