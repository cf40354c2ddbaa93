import { useEffect, useMemo, useState } from 'react';
import { connectRaster } from '../../../adapters/page/connections.ts';
import type { NearestPoint } from '../../../core/jobs/raster-contract.ts';
import type { Figure } from '../../../core/reports/figure.ts';
import type { CloudArea, CloudColours, PointCloud, Rgb } from '../../../core/reports/point-cloud.ts';
import { chartColours, type Theme, toneColours } from '../../../core/reports/tones.ts';
import type { Underlay } from '../../charts/underlay.ts';

/** A cloud of points under the axes of a figure, drawn by a worker that lives as long as the view. */
export function useRaster({
  figure,
  cloud,
  selected,
  words,
  onPick,
}: {
  figure: Figure | undefined;
  cloud: PointCloud | undefined;
  selected?: Uint8Array | undefined;
  /** What is said of a point. */
  words: (point: NearestPoint) => Promise<string>;
  onPick: (row: number) => void;
}): Underlay | undefined {
  // Its worker starts with the first call.
  const [raster] = useState(connectRaster);
  const [loaded, setLoaded] = useState<PointCloud>();
  useEffect(() => () => raster.close(), [raster]);
  useEffect(() => {
    if (!cloud) return;
    let current = true;
    void raster.load(cloud).then(
      () => current && setLoaded(cloud),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [raster, cloud]);
  return useMemo((): Underlay | undefined => {
    if (!figure || loaded !== cloud || !cloud) return undefined;
    const last: { nearest?: NearestPoint | undefined } = {};
    const areaOf = (width: number, height: number): CloudArea => {
      const [low, high] = figure.y.range ?? [0, 1];
      return {
        width,
        height,
        x: figure.x.range ?? [0, 1],
        y: figure.y.reversed ? [high, low] : [low, high],
      };
    };
    return {
      async draw({ width, height, pixelRatio, theme }) {
        await raster.select(selected ? { selected } : {});
        return raster.draw({
          area: areaOf(Math.round(width * pixelRatio), Math.round(height * pixelRatio)),
          colours: cloudColours(theme),
          radius: Math.max(1, Math.round(pixelRatio * (cloud.rowCount > 20_000 ? 0.6 : 1.2))),
        });
      },
      async hover(at, { width, height }) {
        last.nearest = await raster.nearest({ area: areaOf(width, height), at });
        return last.nearest && words(last.nearest);
      },
      onPick() {
        if (last.nearest) onPick(last.nearest.row);
      },
    };
  }, [raster, figure, loaded, cloud, selected, words, onPick]);
}

function cloudColours(theme: Theme): CloudColours {
  const tones = toneColours(theme);
  const { grid, quiet } = chartColours(theme);
  return {
    low: rgb(tones.lowers),
    middle: rgb(tones.reference),
    high: rgb(tones.raises),
    none: rgb(quiet),
    faint: rgb(grid),
  };
}

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
