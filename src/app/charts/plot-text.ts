/** Plotly reads text as pseudo-HTML and, between dollar signs, as TeX. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('$', '&#36;')
    .replaceAll('\n', '<br>');
}

/** A category's name in lines of at most about 38 characters, so that long names leave room for the bars. */
export function wrapText(text: string): string {
  return escapeText(text.includes('\n') ? text : breakText(text, 38));
}

/** "Web engagement: mean rank of visits = 0.77" as "Web engagement = 0.77". */
export function shortName(text: string): string {
  return text.replace(/^([^:=]+): [^=]*?(?=( = .*)?$)/, '$1');
}

/** A name in lines of at most about 20 characters. */
export function breakEarly(text: string): string {
  return breakText(text, 20);
}

function breakText(text: string, longest: number): string {
  const lines = [''];
  for (const word of text.replaceAll(' = ', ' =\u00a0').split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length > longest) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
