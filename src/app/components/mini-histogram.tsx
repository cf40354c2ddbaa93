import { formatInteger } from '../format.ts';

/** A distribution the size of a word. The words for it stand in its title. */
export function MiniHistogram({
  bins,
  width = 96,
}: {
  bins: readonly { readonly label: string; readonly count: number }[];
  width?: number;
}) {
  if (bins.length === 0) return null;
  const highest = Math.max(...bins.map((bin) => bin.count), 1);
  const step = width / bins.length;
  const most = bins.reduce((a, b) => (b.count > a.count ? b : a));
  const words = `Most often ${most.label} (${formatInteger(most.count)})`;
  const path = bins
    .map((bin, i) => {
      const height = bin.count === 0 ? 0 : Math.max(1, (22 * bin.count) / highest);
      return `M${(i * step).toFixed(1)} 24v-${height.toFixed(1)}h${Math.max(1, step - 1).toFixed(1)}v${height.toFixed(1)}z`;
    })
    .join('');
  return (
    <svg
      width={width}
      height={24}
      viewBox={`0 0 ${width} 24`}
      role="img"
      aria-label={words}
      style={{ display: 'block' }}
    >
      <title>{words}</title>
      <path d={path} fill="currentColor" opacity={0.55} />
    </svg>
  );
}
