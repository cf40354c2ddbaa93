/**
 * Headers of every response, worker scripts included: a policy in a <meta> tag does not reach a worker loaded from a URL.
 * COOP and COEP make the page cross-origin isolated, which shared memory for kernel threads needs.
 */
export const securityHeaders: Record<string, string> = headersFor(["'self'", "'wasm-unsafe-eval'"]);

/** Stands on the scripts that Vite's dev server writes into the page; made anew with each process. */
export const devScriptNonce: string = globalThis.crypto.randomUUID();

/** The same in development, where the React plugin's inline preamble runs by its nonce and nothing else changes. */
export const devSecurityHeaders: Record<string, string> = headersFor([
  "'self'",
  "'wasm-unsafe-eval'",
  `'nonce-${devScriptNonce}'`,
]);

function headersFor(scriptSources: readonly string[]): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src ${scriptSources.join(' ')}`,
      "worker-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy':
      'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  };
}
