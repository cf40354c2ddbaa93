import { expect, test } from '@playwright/test';
import { chromiumFlags } from '../scripts/setup/browser.ts';
import { openStudio } from './studio.ts';

test.use({
  launchOptions: {
    ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
    args: [...chromiumFlags, '--enable-unsafe-webgpu'],
  },
});

test('the network trains through tfjs on WebGPU, forced on a software adapter', async ({ page }) => {
  await openStudio(page, '?gpu=software');
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) !== null);
  expect(adapter).toBe(true);
  const result = await page.evaluate(async () => {
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
      parameters: { layers: [8], epochs: 2, batch_size: 128, dropout: 0 },
    });
    return { backend: trained.backend, auc: trained.rounds.at(-1)?.validation['auc'], notes: trained.notes };
  });
  expect(result.backend).toContain('WebGPU');
  expect(result.auc).toBeGreaterThan(0.5);
});
