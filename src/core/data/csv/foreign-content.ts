import { StudioError } from '../../shared/errors.ts';

const signatures: readonly { readonly bytes: readonly number[]; readonly what: string; readonly fix: string }[] = [
  {
    bytes: [0x50, 0x4b, 3, 4],
    what: 'a zip file or an Excel workbook',
    fix: 'In Excel, choose File, Save As, "CSV UTF-8"; unpack a zip file first.',
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    what: 'an Excel file (.xls)',
    fix: 'In Excel, choose File, Save As, "CSV UTF-8".',
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46],
    what: 'a PDF document',
    fix: 'Export the table as CSV or Parquet from where the PDF was made.',
  },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', fix: 'Open it as Parquet.' },
  { bytes: [0x1f, 0x8b], what: 'a gzip file', fix: 'Unpack it first.' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'a zstd-compressed file', fix: 'Unpack it first.' },
  { bytes: [0x42, 0x5a, 0x68], what: 'a bzip2-compressed file', fix: 'Unpack it first.' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7-Zip archive', fix: 'Unpack it first.' },
  { bytes: [0x52, 0x61, 0x72, 0x21], what: 'a RAR archive', fix: 'Unpack it first.' },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], what: 'an SQLite database', fix: 'Export the table as CSV.' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a picture', fix: 'Choose a CSV or Parquet file.' },
  { bytes: [0xff, 0xd8, 0xff], what: 'a picture', fix: 'Choose a CSV or Parquet file.' },
];

/** Refuses, as `data.format`, content that is plainly something else than delimited text, whatever the file's name says. */
export function refuseForeignContent(head: Uint8Array): void {
  for (const { bytes, what, fix } of signatures) {
    if (!bytes.every((byte, i) => head[i] === byte)) continue;
    const isExcel = what.includes('Excel workbook') && includesText(head, 'xl/');
    throw notCsv(isExcel ? 'an Excel file (.xlsx)' : what, fix);
  }
  const opening = new TextDecoder().decode(head.slice(0, 200)).trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body)\b/.test(opening)) {
    throw notCsv('a web page (HTML)', 'The download may have returned a sign-in page: download the file again.');
  }
  if (/^<\?xml\b/.test(opening)) throw notCsv('an XML document', 'Export the table as CSV or Parquet.');
  if (/^(\{\s*"|\[\s*\{)/.test(opening)) throw notCsv('a JSON document', 'Export the table as CSV or Parquet.');
}

function notCsv(what: string, fix: string): StudioError {
  return new StudioError('data.format', `This is ${what}, not a CSV file.`, { where: { byte: 0 }, fix });
}

function includesText(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder('windows-1252').decode(bytes.slice(0, 65_536)).includes(text);
}
