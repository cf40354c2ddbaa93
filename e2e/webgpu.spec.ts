import { expect, type Page, test } from '@playwright/test';
import { chromiumFlags } from '../scripts/setup/browser.ts';
import { openStudio } from './studio.ts';

test.use({
  launchOptions: {
    ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
    args: [...chromiumFlags, '--enable-unsafe-webgpu'],
  },
});

test('the network trains through tfjs on WebGPU, forced on a software adapter, to the weights that our kernels reach', async ({
  page,
  browser,
}) => {
  await openStudio(page, '?gpu=software');
  expect(await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) !== null)).toBe(true);
  const onGpu = await trainTiny(page);
  const other = await browser.newPage();
  await openStudio(other, '?gpu=off');
  const onKernels = await trainTiny(other);
  await other.close();
  expect(onGpu.backend).toContain('WebGPU');
  expect(onKernels.backend).toContain('WASM');
  expect(onGpu.weights).toHaveLength(onKernels.weights.length);
  const worst = Math.max(...onGpu.weights.map((weight, i) => Math.abs(weight - (onKernels.weights[i] as number))));
  expect(worst).toBeLessThan(1e-4);
});

/** Two epochs of a network of eight units, without dropout: the same steps wherever they are taken. */
function trainTiny(page: Page): Promise<{ backend: string; weights: number[] }> {
  return page.evaluate(async () => {
    const rowCount = 400;
    const values = Float64Array.from({ length: rowCount }, (_, row) => ((row * 7919) % 400) / 200 - 1);
    const labels = Int8Array.from(values, (value, row) => (value + (((row * 31) % 10) - 5) / 20 > 0 ? 1 : 0));
    const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
    const { trained } = await window.studio.host.training('neural').train({
      kind: 'neural',
      input: {
        features: { rowCount, columns: [{ kind: 'number', name: 'x', values }] },
        labels,
        train: rows.slice(0, 300),
        validation: rows.slice(300),
        seed: 1,
      },
      parameters: { layers: [8], epochs: 2, batch_size: 128, dropout: 0, backend: 'webgpu' },
    });
    const { model, backend } = trained;
    const weights = model.kind === 'neural' ? model.layers.flatMap((layer) => [...layer.weights]) : [];
    return { backend, weights };
  });
}
