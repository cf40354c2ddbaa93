import Papa from 'papaparse';

/** The rows of a written CSV, read by another reader than ours, each cell by its column's name. */
export function csvRows(bytes: Uint8Array<ArrayBuffer>): Record<string, string | undefined>[] {
  const { data } = Papa.parse<string[]>(new TextDecoder().decode(bytes), { skipEmptyLines: true });
  const [header = [], ...rows] = data;
  return rows.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column]])));
}

export function textOf({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }): string {
  return new TextDecoder().decode(bytes);
}

/** What a person would drop on the page. */
export function fileOf({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }): Blob {
  return new Blob([bytes]);
}
