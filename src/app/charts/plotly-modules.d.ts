// The parts of plotly.js that are bundled one by one have no types of their own.
declare module 'plotly.js/lib/core' {
  export * from 'plotly.js';
  import type * as Plotly from 'plotly.js';
  const core: typeof Plotly & { register(modules: readonly unknown[]): void };
  export default core;
}
declare module 'plotly.js/lib/bar' {
  const module: unknown;
  export default module;
}
declare module 'plotly.js/lib/heatmap' {
  const module: unknown;
  export default module;
}
