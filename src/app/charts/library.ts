import type { Data, Layout } from 'plotly.js';

type Library = typeof import('./plotly.ts')['default'];

let loading: Promise<Library> | undefined;

/** The chart library, loaded once. */
export function loadCharts(): Promise<Library> {
  loading ??= import('./plotly.ts').then((module) => module.default);
  return loading;
}

/** Loads the library and draws one small chart of each kind out of sight: first draws compile and measure fonts. */
export async function warmCharts(): Promise<void> {
  const library = await loadCharts();
  const place = document.createElement('div');
  place.style.cssText = 'position:fixed;left:-2000px;top:0;width:400px;height:300px;visibility:hidden';
  place.setAttribute('aria-hidden', 'true');
  document.body.append(place);
  const samples: Data[] = [
    { type: 'scatter', mode: 'lines', x: [0, 1], y: [0, 1], fill: 'tozeroy' },
    { type: 'bar', x: ['a', 'b'], y: [1, 2] },
  ];
  const layout: Partial<Layout> = {
    width: 400,
    height: 300,
    annotations: [{ text: 'a', x: 0, y: 0 }],
    xaxis: { automargin: true },
  };
  for (const sample of samples) {
    await inTurn(() => library.react(place, [sample], layout, { staticPlot: true }));
  }
  library.purge(place);
  place.remove();
}

let turn: Promise<unknown> = Promise.resolve();

/** A draw whose element left the page meanwhile may never say that it is done. */
const patienceMs = 1000;

/** One chart per task of the event loop, so that no draw waits behind another in the same breath. */
export function inTurn<T>(draw: () => T | Promise<T>): Promise<T> {
  const mine = turn.then(breathe).then(draw);
  turn = turn.then(() => Promise.race([mine.catch(() => undefined), wait(patienceMs)]));
  return mine;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener(
      'message',
      () => {
        port1.close();
        resolve();
      },
      { once: true },
    );
    port1.start();
    port2.postMessage(null);
  });
}
