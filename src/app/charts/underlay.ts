import type { Layout } from 'plotly.js';
import type { Theme } from '../../core/reports/tones.ts';

/** The inside of the axes, in pixels of the page, within the chart's element. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is asked of a picture that lies under the axes. */
export interface UnderlayRequest {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly theme: Theme;
}

/** A picture of very many points under the axes of a figure, drawn elsewhere; its axes have fixed ranges. */
export interface Underlay {
  /** The picture as a data: address. */
  draw(request: UnderlayRequest): Promise<string>;
  /** The words of the point nearest to a place in the area (pixels), where one is near. */
  hover?(at: { readonly x: number; readonly y: number }, area: PlotArea): Promise<string | undefined>;
  /** Chooses the point last hovered over. */
  onPick?(): void;
}

/** A range of the horizontal axis that is dragged over a chart; undefined where nothing is. */
export interface Brush {
  readonly range: readonly [number, number] | undefined;
  readonly onChange: (range: readonly [number, number] | undefined) => void;
}

/** The picture as Plotly's own layout has it: over the whole area, below the traces. */
export function underlayImage(source: string): NonNullable<Layout['images']>[number] {
  return {
    source,
    xref: 'paper',
    yref: 'paper',
    x: 0,
    y: 1,
    sizex: 1,
    sizey: 1,
    sizing: 'stretch',
    layer: 'below',
    opacity: 1,
    visible: true,
    xanchor: 'left',
    yanchor: 'top',
  };
}
