/** The engine of tests with a webserver over its database. Who asks is said by a header of the test alone. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import type { z } from 'zod';
import { openLog } from '../../../runtime/observe/log.ts';
import { TestEngine } from '../../../runtime/testing/engine.ts';
import type { Grant } from '../../../src/model/access.ts';
import { WebServer } from '../../../runtime/web/webServer.ts';

export interface Site {
  engine: TestEngine;
  web: WebServer;
  base: string;
  get(path: string, grants?: Grant[]): Promise<Response>;
  /** The answer, which has to be a good one and as its schema says. */
  read<S extends z.ZodType>(schema: S, path: string, grants?: Grant[]): Promise<z.output<S>>;
  stopWeb(): Promise<void>;
  close(): Promise<void>;
}

const ADMIN: Grant[] = [{ role: 'admin' }];

export async function openSite(options: { traceUrl?: string } = {}): Promise<Site> {
  const engine = await TestEngine.open();
  const web = await WebServer.open({
    url: engine.testDatabase.url,
    port: 0,
    host: '127.0.0.1',
    log: openLog('silent'),
    traceUrl: options.traceUrl,
    identify(request) {
      const grants = JSON.parse(String(request.headers['x-grants'])) as Grant[];
      return Promise.resolve({ kind: 'token', name: 'ada', userId: null, grants });
    },
  });
  const base = `http://localhost:${web.port}`;
  const get = (path: string, grants = ADMIN) =>
    fetch(`${base}/api/v1${path}`, { headers: { 'x-grants': JSON.stringify(grants) } });
  let stopped: Promise<void> | undefined;
  const stopWeb = () => (stopped ??= web.close());
  return {
    ...{ engine, web, base, get, stopWeb },
    async read(schema, path, grants) {
      const answer = await get(path, grants);
      const text = await answer.text();
      assert.equal(answer.status, 200, `${path}: ${text}`);
      return schema.parse(JSON.parse(text));
    },
    async close() {
      await stopWeb();
      await engine.close();
    },
  };
}

/** `sales` with a group, a mapped task and one that fails; `hidden` beside it. */
export async function registerSales(engine: TestEngine, extra = false): Promise<void> {
  const nothing = () => bash({ script: 'true' });
  await engine.register(
    dag('sales', { tags: ['finance'], description: 'Sales of a day' }, (d) => {
      const each = d.map('each', { item: ['a', 'b', 'c'] }, () => nothing(), {
        inlets: ['s3://shop/orders'],
      });
      const load = d.group('warehouse', (g) =>
        g.task('load', nothing(), { after: each, retries: 1, outlets: ['warehouse.sales'] }),
      );
      d.task('report', nothing(), { after: load, inlets: ['warehouse.sales'] });
      if (extra) d.task('more', nothing(), { after: load });
    }),
    dag('hidden', {}, (d) => void d.task('load', nothing())),
  );
}

export async function problemOf(answer: Response) {
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  return (await answer.json()) as { status: number; code: string; detail: string };
}
