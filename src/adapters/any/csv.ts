import { chooseEncoding, readUtf8 } from '../../core/data/csv/encoding.ts';
import { refuseForeignContent } from '../../core/data/csv/foreign-content.ts';
import { type CsvOptions, type CsvTable, readCsv } from '../../core/data/csv/read-csv.ts';
import { sniffDialect } from './csv-dialect.ts';

const sniffedBytes = 1 << 16;

/** Reads delimited text whose delimiter and encoding are told from its first bytes. */
export async function openCsv(
  file: Blob,
  options: Omit<CsvOptions, 'delimiter' | 'skipRecords'> = {},
): Promise<CsvTable> {
  const head = file.slice(0, sniffedBytes);
  const bytes = new Uint8Array(await head.arrayBuffer());
  refuseForeignContent(bytes);
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  for await (const chunk of readUtf8(head, await chooseEncoding(head, bytes), sniffedBytes))
    chunks.push(decoder.decode(chunk));
  return readCsv(file, { ...options, ...sniffDialect(chunks.join('')) });
}
