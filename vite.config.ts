import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { propensityApi } from './src/server/vite-plugin.ts';
import { devSecurityHeaders, securityHeaders } from './src/server/security-headers.ts';

export default defineConfig({
  plugins: [react(), propensityApi()],
  // plotly.js/lib/core reads Node's `global`.
  define: { global: 'globalThis' },
  worker: { format: 'es', rolldownOptions: { checks: { bundlerTimings: false } } },
  // Nothing inlined: the policy lets no data: address be fetched.
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { bundlerTimings: false } },
    chunkSizeWarningLimit: 2000,
  },
  server: { host: 'localhost', headers: devSecurityHeaders, cors: false },
  preview: { host: 'localhost', headers: securityHeaders, cors: false, strictPort: true },
});
