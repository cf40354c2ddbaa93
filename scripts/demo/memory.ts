import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

/** Peak resident memory of the largest renderer process of this browser, in MB; null where the system does not tell. */
export async function peakRendererMb(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id }) => {
      try {
        const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
        return kilobytes ? [Number(kilobytes) / 1024] : [];
      } catch {
        return [];
      }
    });
  return peaks.length ? Math.max(...peaks) : null;
}
