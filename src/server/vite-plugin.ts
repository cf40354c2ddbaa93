import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';
import { createApi } from './api.ts';
import { openBundleFile } from './bundle-file.ts';
import { createNodeListener } from './node-exchange.ts';
import { isApiRequest } from './router.ts';
import { devScriptNonce, devSecurityHeaders, securityHeaders } from './security-headers.ts';

/**
 * Serves the HTTP API in front of Vite's own handlers, in development and preview, from the bundle at
 * $PROPENSITY_BUNDLE or artifacts/bundles/boosting.zip; puts the security headers on every other response too.
 */
export function propensityApi(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'propensity-api',
    config: (_, { command, isPreview }) => ({
      // The page routes by hash: a path that is no file is 404, not the page (a stale script must not come as HTML).
      appType: 'mpa',
      ...(command === 'serve' && !isPreview ? { html: { cspNonce: devScriptNonce } } : {}),
    }),
    configResolved(resolved) {
      config = resolved;
    },
    configureServer({ httpServer }) {
      if (httpServer) putInFront(httpServer as Server, config, devSecurityHeaders);
    },
    configurePreviewServer({ httpServer }) {
      putInFront(httpServer as Server, config, securityHeaders);
    },
  };
}

/** Before connect, because middleware behind it costs as much as a prediction does. */
function putInFront(server: Server, config: ResolvedConfig, headers: Readonly<Record<string, string>>): void {
  const report = (error: unknown): void =>
    config.logger.warn(`[propensity-api] ${error instanceof Error ? error.message : String(error)}`);
  const path = resolve(config.root, process.env.PROPENSITY_BUNDLE ?? 'artifacts/bundles/boosting.zip');
  const api = createApi({ scorer: openBundleFile(path, report), report });
  // Whatever goes wrong here must not end the process that serves the page.
  const answer = createNodeListener(api, { report });
  const others = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const [pathname = '/'] = (request.url ?? '/').split('?');
    if (isApiRequest(pathname, request.headers.accept)) {
      answer(request, response);
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    for (const other of others) other.call(server, request, response);
  });
}
