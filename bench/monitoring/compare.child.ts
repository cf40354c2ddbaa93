// Every univariate drift measure of one table against another, in a process of its own. usage: FOLDER REFERENCE CURRENT COLUMNS
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrame, type Frame, type NumberColumn } from '../../src/core/data/frame.ts';
import { compareWithReference, makeReferenceWindow } from '../../src/core/monitoring/window.ts';
import { ascendingValues } from '../../src/core/shared/statistics.ts';

const [folder = '', ...sizes] = process.argv.slice(2);
const [before = 0, now = 0, columns = 0] = sizes.map(Number);
const bytes = readFileSync(join(folder, 'values.bin'));
const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);

function frameOf(from: number, rows: number): Frame {
  return createFrame(
    Array.from({ length: columns }, (_, i): NumberColumn => {
      const start = i * (before + now) + from;
      return { kind: 'number', name: `f${i}`, values: values.slice(start, start + rows) };
    }),
  );
}

const features = frameOf(0, before);
const current = frameOf(before, now);
const propensity = new Float64Array(before).fill(0.5);
const customers = { features, rows: Uint32Array.from(propensity, (_, row) => row), propensity };
const residentBefore = process.memoryUsage().rss;
const started = performance.now();
const cpu = process.cpuUsage();
const window = makeReferenceWindow(customers);
const made = performance.now();
const found = await compareWithReference(window, current, new Float64Array(now).fill(0.5), { customers });
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const psi = new Map(found.features.map((each) => [each.feature, each.measures.psi_evidently]));
console.log(
  JSON.stringify({
    seconds,
    compareSeconds: (performance.now() - made) / 1000,
    cpu: (user + system) / 1e6,
    grownMb: (process.memoryUsage().rss - residentBefore) / 2 ** 20,
    psi: Array.from({ length: columns }, (_, i) => psi.get(`f${i}`)),
    largest: ascendingValues(found.features.map((each) => each.psi)).at(-1),
  }),
);
