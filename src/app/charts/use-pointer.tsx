import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import type { Figure } from '../../core/reports/figure.ts';
import type { Brush, PlotArea, Underlay } from './underlay.ts';

/** What a pointer does over a chart: names the nearest point of its underlay, and drags a range where there is a brush. */
export function usePointer({
  figure,
  area,
  underlay,
  brush,
}: {
  figure: Figure;
  area: PlotArea | undefined;
  underlay: Underlay | undefined;
  brush: Brush | undefined;
}): { readonly handlers: object; readonly style: object; readonly marks: ReactNode } {
  const [tip, setTip] = useState<{ readonly x: number; readonly y: number; readonly words: string }>();
  const [drag, setDrag] = useState<readonly [number, number]>();
  const isAsking = useRef(false);
  if (!area || (!underlay && !brush)) return { handlers: {}, style: {}, marks: null };

  const [from, to] = figure.x.range ?? [0, 1];
  const toValue = (x: number) => from + Math.min(1, Math.max(0, x / area.width)) * (to - from);
  const toPixel = (value: number) => area.left + ((value - from) / (to - from)) * area.width;
  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left - area.left, y: event.clientY - box.top - area.top };
  };
  const hover = async (at: { readonly x: number; readonly y: number }) => {
    if (!underlay?.hover || isAsking.current) return;
    isAsking.current = true;
    const words = await underlay.hover(at, area).catch(() => undefined);
    isAsking.current = false;
    setTip(words === undefined ? undefined : { ...at, words });
  };
  const shown = drag ?? brush?.range;
  return {
    handlers: {
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const at = placeOf(event);
        if (drag) setDrag([drag[0], toValue(at.x)]);
        else void hover(at);
      },
      onPointerLeave: () => setTip(undefined),
      onClick: () => tip && underlay?.onPick?.(),
      ...(brush
        ? {
            onPointerDown: (event: PointerEvent<HTMLElement>) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              const value = toValue(placeOf(event).x);
              setDrag([value, value]);
            },
            onPointerUp: () => {
              if (!drag) return;
              setDrag(undefined);
              const [low, high] = [Math.min(...drag), Math.max(...drag)];
              // A click without a drag takes the selection away.
              brush.onChange(high - low < (to - from) / 200 ? undefined : [low, high]);
            },
          }
        : {}),
    },
    style: brush ? { cursor: 'crosshair', touchAction: 'pan-y' } : {},
    marks: (
      <>
        {brush && shown && (
          <div
            className="plot-brush"
            style={{
              left: toPixel(Math.min(...shown)),
              width: toPixel(Math.max(...shown)) - toPixel(Math.min(...shown)),
              top: area.top,
              height: area.height,
            }}
          />
        )}
        {tip && (
          <div
            className="plot-tip"
            style={{
              top: area.top + tip.y + 14,
              ...(tip.x > area.width / 2
                ? { right: `calc(100% - ${area.left + tip.x - 8}px)` }
                : { left: area.left + tip.x + 8 }),
            }}
          >
            {tip.words}
          </div>
        )}
      </>
    ),
  };
}
