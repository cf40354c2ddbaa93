import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Figure } from '../../core/reports/figure.ts';
import { inTurn, loadCharts } from './library.ts';
import { lookOf } from './looks.ts';
import { plotFigure } from './plot-figure.ts';

const config = { displayModeBar: false, responsive: false } as const;

/** Draws a figure with Plotly into its own width; drawn again when figure, theme or width change. */
export function FigurePlot({ figure, height }: { figure: Figure; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(false);
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let current = true;
    let drawnWidth = 0;
    const draw = async () => {
      const library = await loadCharts();
      await inTurn(async () => {
        const width = element.clientWidth;
        if (!current || width === 0 || width === drawnWidth) return;
        drawnWidth = width;
        const { data, layout } = plotFigure(figure, lookOf(scheme), width, height);
        await library.react(element, data, { ...layout, width, height }, config);
        if (current) setDrawn(true);
      });
    };
    void draw();
    let resting: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(resting);
      resting = setTimeout(() => void draw(), 80);
    });
    observer.observe(element);
    return () => {
      current = false;
      clearTimeout(resting);
      observer.disconnect();
    };
  }, [figure, scheme, height]);

  useEffect(() => {
    const element = place.current;
    return () => {
      if (element) void loadCharts().then((library) => library.purge(element));
    };
  }, []);

  return (
    <div className="plot" style={{ height }} data-drawn={drawn}>
      {/* The caption and the table of numbers say the same to those who cannot see the picture. */}
      <div ref={place} role="img" aria-label={`${figure.title}. ${figure.caption}`} style={{ height }} />
      {!drawn && <div className="plot-wait">Drawing {figure.title}</div>}
    </div>
  );
}
