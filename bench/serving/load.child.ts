// load.child.ts JOB: sends requests over a few kept connections and prints what came back, as JSON. Raw sockets, because a
// client that costs more than the server measures itself.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { LoadFigures, LoadJob } from './load.ts';

const job = JSON.parse(process.argv[2] as string) as LoadJob;
const { port, path, bodies: file, connections, perSecond, seconds, rowsPerRequest, pid } = job;

const customers = readFileSync(file, 'utf8').trimEnd().split('\n');
const bodies = rowsPerRequest > 1 ? [`[${customers.slice(0, rowsPerRequest).join(',')}]`] : customers;
const requests = bodies.map((body) =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

/** CPU seconds of the server, all its threads. Linux counts in hundredths. */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

let next = 0;
let failed = 0;
let done = 0;
let isOver = false;
const latencies: number[] = [];
/** Open loop: when requests that wait for a free connection were due. */
const due: number[] = [];
const idle: Line[] = [];

class Line {
  readonly socket: Socket;
  #since = 0;
  #head = '';
  #missing = -1;

  constructor() {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (data) => this.#take(data));
    this.socket.on('error', () => failed++);
  }

  send(since: number): void {
    this.#since = since;
    this.#head = '';
    this.#missing = -1;
    this.socket.write(requests[next++ % requests.length] as Buffer);
  }

  #take(data: Buffer): void {
    if (this.#missing < 0) {
      this.#head += data.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(this.#head)?.[1];
      if (length === undefined) throw new Error('The answer has no Content-Length.');
      if (!this.#head.startsWith('HTTP/1.1 200')) failed++;
      this.#missing = Number(length) - (this.#head.length - end - 4);
    } else this.#missing -= data.length;
    if (this.#missing > 0) return;
    done++;
    latencies.push(performance.now() - this.#since);
    if (isOver) this.socket.destroy();
    else if (perSecond === 0) this.send(performance.now());
    else if (due.length > 0) this.send(due.shift() as number);
    else idle.push(this);
  }
}

const lines = Array.from({ length: connections }, () => new Line());
await Promise.all(lines.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
const started = performance.now();
const cpu = cpuSeconds();
if (perSecond === 0) for (const line of lines) line.send(performance.now());
else {
  idle.push(...lines);
  let sent = 0;
  const tick = setInterval(() => {
    // Sent when due, not when the last answer is here: a slow server does not slow the load.
    for (; sent < ((performance.now() - started) / 1000) * perSecond; sent++) {
      const time = started + (sent / perSecond) * 1000;
      const line = idle.pop();
      if (line) line.send(time);
      else due.push(time);
    }
    if (isOver) clearInterval(tick);
  }, 1);
}
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
isOver = true;
const elapsed = (performance.now() - started) / 1000;
const used = cpuSeconds() - cpu;
latencies.sort((a, b) => a - b);
const figures: LoadFigures = {
  requests: done,
  failed,
  perSecond: done / elapsed,
  perCpuSecond: done / used,
  p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
};
console.log(JSON.stringify(figures));
process.exit(0);
