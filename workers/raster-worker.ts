// Serves RasterJobs: draws clouds of all customers off the main thread. The Explain page connects.
import { serve } from '../src/adapters/page/rpc/server.ts';
import { createRasterJobs } from '../src/core/jobs/raster-contract.ts';

serve(
  createRasterJobs(async (pixels, width, height) => {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    let binary = '';
    for (let from = 0; from < bytes.length; from += 8192) {
      binary += String.fromCharCode(...bytes.subarray(from, from + 8192));
    }
    return `data:image/png;base64,${btoa(binary)}`;
  }),
);
