import { expect, test } from 'vitest';
import { createRasterJobs } from '../jobs/raster-contract.ts';
import { drawCloud, nearestPoint, type PointCloud, swarmOffsets } from './point-cloud.ts';

const colours = {
  low: [0, 0, 255],
  middle: [128, 128, 128],
  high: [255, 0, 0],
  none: [9, 9, 9],
  faint: [200, 200, 200],
} as const;
const area = { x: [0, 10], y: [0, 10], width: 11, height: 11 } as const;
const cloud: PointCloud = {
  x: Float32Array.of(0, 10, 5, 5),
  y: Float32Array.of(0, 10, 5, 5),
  colour: Uint8Array.of(0, 254, 255, 127),
  rowCount: 4,
};
const at = (pixels: Uint8ClampedArray, x: number, y: number) =>
  Array.from(pixels.subarray(4 * (11 * y + x), 4 * (11 * y + x) + 4));

test('every point is drawn where the axes place it, upwards, the later over the earlier', () => {
  const pixels = drawCloud(cloud, area, colours, { radius: 0 });
  expect(at(pixels, 0, 10)).toEqual([0, 0, 255, 255]);
  expect(at(pixels, 10, 0)).toEqual([255, 0, 0, 255]);
  expect(at(pixels, 5, 5)).toEqual([128, 128, 128, 255]);
  expect(pixels.filter((_, i) => i % 4 === 3 && pixels[i] === 255)).toHaveLength(3);
});

test('points that are not selected are faint and lie under those that are', () => {
  const pixels = drawCloud(cloud, area, colours, { radius: 0, selected: Uint8Array.of(0, 1, 1, 0) });
  expect(at(pixels, 0, 10)).toEqual([200, 200, 200, 255]);
  expect(at(pixels, 5, 5)).toEqual([9, 9, 9, 255]);
});

test('the nearest point is found within reach, among the selected alone', () => {
  expect(nearestPoint(cloud, area, { x: 9, y: 1 }, { reach: 3 })).toBe(1);
  expect(nearestPoint(cloud, area, { x: 2, y: 2 }, { reach: 2 })).toBeUndefined();
  expect(nearestPoint(cloud, area, { x: 5, y: 5 }, { selected: Uint8Array.of(1, 1, 1, 0) })).toBe(2);
});

test('a swarm keeps within its line, spreads where values fall together, and not where there is one', () => {
  const offsets = swarmOffsets(Float32Array.from({ length: 500 }, (_, i) => (i < 499 ? 0 : 1)));
  expect(Math.max(...offsets.slice(0, 499))).toBeCloseTo(0.4, 2);
  expect(Math.min(...offsets.slice(0, 499))).toBeCloseTo(-0.4, 2);
  expect(offsets[499]).toBe(0);
  expect(new Set(offsets.slice(0, 499)).size).toBe(499);
});

test('the raster worker’s jobs draw what was loaded and name the row and the line of a point', async () => {
  const jobs = createRasterJobs(
    async (pixels, width, height) => `${width}x${height}:${pixels.some((each) => each > 0)}`,
  );
  expect(await jobs.draw({ area, colours, radius: 1 })).toBe('11x11:false');
  await jobs.load({ ...cloud, rowCount: 2 });
  expect(await jobs.draw({ area, colours, radius: 1 })).toBe('11x11:true');
  expect(await jobs.nearest({ area, at: { x: 5, y: 5 } })).toEqual({ row: 1, line: 1, x: 5 });
  await jobs.select({ selected: Uint8Array.of(0, 0) });
  expect(await jobs.nearest({ area, at: { x: 5, y: 5 } })).toBeUndefined();
});
