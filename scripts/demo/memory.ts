import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

const sampleMs = 100;

/**
 * Watches the renderer processes that this browser has now. The returned function ends it and tells the peak resident
 * memory of the largest, in MB; null where the system does not tell. Sampled, because the kernel's own high-water mark
 * forgets what shared memory held.
 */
export async function watchRendererMemory(browser: Browser): Promise<() => number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  let peak: number | null = null;
  const look = () => {
    for (const id of renderers) {
      const megabytes = residentMb(id);
      if (megabytes !== undefined) peak = Math.max(peak ?? 0, megabytes);
    }
  };
  look();
  const timer = setInterval(look, sampleMs);
  return () => {
    clearInterval(timer);
    look();
    return peak;
  };
}

function residentMb(process: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${process}/status`, 'utf8');
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
    return kilobytes ? Number(kilobytes) / 1024 : undefined;
  } catch {
    return undefined;
  }
}
