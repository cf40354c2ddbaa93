import { defineConfig } from '@playwright/test';
import { chromiumFlags } from './scripts/setup/browser.ts';

// The test command passes a free port; by hand any will do.
const port = Number(process.env['STUDIO_PORT'] ?? 4617);

export default defineConfig({
  testDir: 'e2e',
  timeout: 150_000,
  workers: 1,
  reporter: [['list'], ['json']],
  outputDir: 'artifacts/test/journeys',
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
      args: chromiumFlags,
    },
    trace: 'off',
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort --host localhost`,
    port,
    reuseExistingServer: false,
  },
});
