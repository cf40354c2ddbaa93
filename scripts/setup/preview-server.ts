import { createServer } from 'node:net';
import { type PreviewServer, preview } from 'vite';

/** Serves the built page with the API on a free port, or on the one asked for. */
export async function startPreview(port?: number): Promise<{ url: string; server: PreviewServer }> {
  if (port !== undefined && !(await isFree(port))) {
    throw new Error(`Port ${port} is taken: stop what listens there, or choose another with --port.`);
  }
  const chosen = port ?? (await freePort());
  const server = await preview({ preview: { port: chosen, strictPort: true }, logLevel: 'warn' });
  return { url: `http://localhost:${chosen}/`, server };
}

/** A port that nothing listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, 'localhost', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port.')),
      );
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, 'localhost', () => probe.close(() => resolve(true)));
  });
}
