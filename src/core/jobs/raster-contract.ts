import { type CloudArea, type CloudColours, drawCloud, nearestPoint, type PointCloud } from '../reports/point-cloud.ts';

/** A worker that holds one cloud of points and draws it as often as it is asked. */
export interface RasterJobs {
  /** Replaces the cloud; everything is selected again. */
  load(cloud: PointCloud): Promise<void>;
  /** The selected rows: 1 each; all where it is left out. */
  select(input: { readonly selected?: Uint8Array }): Promise<void>;
  /** The picture as a data: address, by the host's encoder. */
  draw(input: RasterRequest): Promise<string>;
  /** The row, and which point of it, nearest to a place in the picture (pixels). */
  nearest(input: {
    readonly area: CloudArea;
    readonly at: { readonly x: number; readonly y: number };
  }): Promise<NearestPoint | undefined>;
}

export interface RasterRequest {
  readonly area: CloudArea;
  readonly colours: CloudColours;
  readonly radius: number;
}

export interface NearestPoint {
  readonly row: number;
  /** Of a beeswarm: its line, from 0. */
  readonly line: number;
  readonly x: number;
}

/** @param encode pixels (RGBA) as a data: address; the host's, since core has no image format */
export function createRasterJobs(
  encode: (pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) => Promise<string>,
): RasterJobs {
  let cloud: PointCloud | undefined;
  let selection: { readonly selected?: Uint8Array } = {};
  return {
    async load(given) {
      cloud = given;
      selection = {};
    },
    async select(given) {
      selection = given;
    },
    async draw({ area, colours, radius }) {
      const { width, height } = area;
      const pixels = cloud
        ? drawCloud(cloud, area, colours, { radius, ...selection })
        : new Uint8ClampedArray(width * height * 4);
      return encode(pixels, width, height);
    },
    async nearest({ area, at }) {
      if (!cloud) return undefined;
      const point = nearestPoint(cloud, area, at, selection);
      if (point === undefined) return undefined;
      const row = point % cloud.rowCount;
      return { row, line: (point - row) / cloud.rowCount, x: cloud.x[point]! };
    },
  };
}
