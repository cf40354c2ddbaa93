import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Figure } from '../../core/reports/figure.ts';
import { inTurn, loadCharts } from './library.ts';
import { lookOf } from './looks.ts';
import { plotFigure } from './plot-figure.ts';
import { type Brush, type PlotArea, type Underlay, underlayImage } from './underlay.ts';
import { usePointer } from './use-pointer.tsx';

const config = { displayModeBar: false, responsive: false } as const;

/** Draws a figure with Plotly into its own width; drawn again when figure, theme or width change. */
export function FigurePlot({
  figure,
  height,
  underlay,
  brush,
}: {
  figure: Figure;
  height: number;
  underlay?: Underlay | undefined;
  brush?: Brush | undefined;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(false);
  const [area, setArea] = useState<PlotArea>();
  const [underlaid, setUnderlaid] = useState<Underlay>();
  const [isBare, setIsBare] = useState(false);
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
        if (!current) return;
        setDrawn(true);
        setArea(areaOf(element));
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
    if (!element || !area || !underlay) return;
    let current = true;
    void (async () => {
      const library = await loadCharts();
      const pixelRatio = Math.min(2, window.devicePixelRatio);
      const source = await underlay.draw({ ...area, pixelRatio, theme: scheme }).catch(() => undefined);
      if (!current) return;
      setIsBare(source === undefined);
      if (source === undefined) return setUnderlaid(underlay);
      await inTurn(() => (current ? library.relayout(element, { images: [underlayImage(source)] }) : undefined));
      if (current) setUnderlaid(underlay);
    })();
    return () => {
      current = false;
    };
  }, [area, underlay, scheme]);

  const pointer = usePointer({ figure, area, underlay, brush });

  useEffect(() => {
    const element = place.current;
    return () => {
      if (element) void loadCharts().then((library) => library.purge(element));
    };
  }, []);

  return (
    <div
      className="plot"
      data-drawn={drawn && underlaid === underlay}
      {...pointer.handlers}
      style={{ height, ...pointer.style }}
    >
      {/* The caption and the table of numbers say the same to those who cannot see the picture. */}
      <div ref={place} role="img" aria-label={`${figure.title}. ${figure.caption}`} style={{ height }} />
      {pointer.marks}
      {isBare && <div className="plot-wait">The points could not be drawn. Reload the page to try again.</div>}
      {!drawn && <div className="plot-wait">Drawing {figure.title}</div>}
    </div>
  );
}

/** Where the axes stand within the element, as Plotly laid them out. */
function areaOf(element: HTMLElement): PlotArea | undefined {
  const size = (element as { _fullLayout?: { _size?: { l: number; t: number; w: number; h: number } } })._fullLayout
    ?._size;
  return size && { left: size.l, top: size.t, width: Math.round(size.w), height: Math.round(size.h) };
}
