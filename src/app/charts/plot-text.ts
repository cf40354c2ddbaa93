/** Plotly reads text as pseudo-HTML and, between dollar signs, as TeX. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('$', '&#36;');
}

/** A category's name in lines of at most about 38 characters, so that long names leave room for the bars. */
export function wrapText(text: string): string {
  const lines = [''];
  for (const word of text.replaceAll(' = ', ' =\u00a0').split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length > 38) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map(escapeText).join('<br>');
}
