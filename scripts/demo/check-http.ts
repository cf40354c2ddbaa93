import { readFileSync } from 'node:fs';
import { unzipFiles } from '../../src/adapters/any/zip.ts';
import { readBundle } from '../../src/core/scoring/read-bundle.ts';
import { createScorer } from '../../src/core/scoring/scorer.ts';

/** The documented request answers 200, and with the same bits as the scorer itself gives from the same bundle. */
export async function checkHttp(url: string, bundlePath: string): Promise<void> {
  const health = await fetch(new URL('health', url));
  if (health.status !== 200) throw new Error(`GET /health answered ${health.status}: ${await health.text()}`);
  const body = readFileSync('public/sample-request.json', 'utf8');
  const response = await fetch(new URL('predict', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`POST /predict answered ${response.status}: ${text}`);
  const answer = JSON.parse(text) as Record<string, unknown>;
  const bundle = readBundle(unzipFiles(new Uint8Array(readFileSync(bundlePath))));
  const [own] = createScorer(bundle).scoreCustomers([JSON.parse(body)]).results;
  for (const [field, value] of Object.entries(own ?? {})) {
    if (answer[field] !== value)
      throw new Error(
        `POST /predict gave ${field} ${JSON.stringify(answer[field])}, the scorer gives ${JSON.stringify(value)}.`,
      );
  }
  console.log(`  POST /predict → ${text}`);
}
