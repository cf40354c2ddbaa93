import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Figure } from '../../core/reports/figure.ts';
import { unbroken } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { FigurePlot } from './figure-plot.tsx';
import { FigureTable } from './figure-table.tsx';
import { figureCsv, figureImage } from './figure-files.ts';
import type { Brush, Underlay } from './underlay.ts';

/** A figure with its title, the sentence that reads it, and a menu: full screen, picture files, numbers. */
export function FigureView({
  figure,
  height = 340,
  underlay,
  brush,
}: {
  figure: Figure;
  height?: number;
  underlay?: Underlay | undefined;
  brush?: Brush | undefined;
}) {
  const root = useRef<HTMLElement>(null);
  const [showsNumbers, setShowsNumbers] = useState(false);
  return (
    <figure ref={root} className="figure stack tight" data-figure={figure.id}>
      <div className="row apart" style={{ flexWrap: 'nowrap' }}>
        <span className="figure-title">{figure.title}</span>
        <Menu position="bottom-end" withinPortal={false}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Menu of ${figure.title}`}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void root.current?.requestFullscreen?.()}>Full screen</Menu.Item>
            <Menu.Item onClick={() => void figureImage(figure, 'png', underlay).then(saveFile)}>Download PNG</Menu.Item>
            <Menu.Item onClick={() => void figureImage(figure, 'svg', underlay).then(saveFile)}>Download SVG</Menu.Item>
            <Menu.Item onClick={() => saveFile(figureCsv(figure))}>Download CSV</Menu.Item>
            <Menu.Item onClick={() => setShowsNumbers(!showsNumbers)}>
              {showsNumbers ? 'Hide the numbers' : 'Show the numbers'}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <FigurePlot figure={figure} height={height} underlay={underlay} brush={brush} />
      <figcaption className="figure-caption">{unbroken(figure.caption)}</figcaption>
      {showsNumbers && <FigureTable figure={figure} />}
    </figure>
  );
}
