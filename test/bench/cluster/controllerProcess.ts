/**
 * A scheduler process that can tell what it costs, forked by stage.ts: the one of the crash tests, with its event
 * loop, processor time, memory, calls to clusters and transactions measured from inside. Obeys `reset`, `collect` and
 * `measure`.
 */
import diagnostics from 'node:diagnostics_channel';
import type http from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';
import pg from 'pg';
import type { Measured } from './stage.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
let calls: Record<string, number> = {};
let creates: Measured['creates'] = [];
let transactions: number[] = [];
let cpu = process.cpuUsage();

// What goes over the wire, retries included.
const open = new WeakMap<object, Measured['creates'][number]>();
diagnostics.subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: http.ClientRequest };
  const { method, path } = request;
  const kind = method === 'GET' && /[?&]watch=/.test(path) ? 'WATCH' : method;
  calls[kind] = (calls[kind] ?? 0) + 1;
  if (method !== 'POST') return;
  const create = { sent: Date.now(), answered: NaN };
  open.set(request, create);
  creates.push(create);
});
diagnostics.subscribe('http.client.response.finish', (message) => {
  const create = open.get((message as { request: http.ClientRequest }).request);
  if (create) create.answered = Date.now();
});

// A tick is one transaction, and nearly all transactions of a scheduler are ticks.
const begun = new WeakMap<object, number>();
const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
pg.Client.prototype.query = function (this: object, ...values: unknown[]) {
  const [text] = values;
  if (text === 'BEGIN') begun.set(this, performance.now());
  const answer = query.apply(this, values);
  if (text === 'COMMIT') {
    const since = begun.get(this) ?? NaN;
    void (answer as Promise<unknown>).then(
      () => transactions.push(performance.now() - since),
      () => {},
    );
  }
  return answer;
} as never;

process.on('message', (message) => {
  if (message === 'reset') {
    calls = {};
    creates = [];
    transactions = [];
    cpu = process.cpuUsage();
    loop.reset();
  }
  const { user, system } = process.cpuUsage(cpu);
  if (message === 'collect') collect();
  const measured: Measured = {
    cpuMs: (user + system) / 1000,
    rss: process.memoryUsage.rss(),
    heap: process.memoryUsage().heapUsed,
    peakRss: process.resourceUsage().maxRSS * 1024,
    loopP99Ms: loop.percentile(99) / 1e6,
    loopMaxMs: loop.max / 1e6,
    transactions,
    calls,
    creates: creates.slice(-10_000),
  };
  process.send?.(measured);
});

await import('../../crash/schedulerProcess.ts');
