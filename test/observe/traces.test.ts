/** Traces of real schedulers, as a receiver of OpenTelemetry gets them: a run is a trace, an attempt a span. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bash, dag } from 'podline/dag';
import { commandRun } from '../../runtime/commands/commandRun.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import { type Running, startPodline } from '../cli/podline.ts';
import { type ReceivedSpan, TraceReceiver } from './traceReceiver.ts';

const CLEAR = { kind: 'clear', upstream: false, downstream: true, onlyFailed: false } as const;

describe('traces', function () {
  this.timeout(60_000);
  let test: TestDatabase;
  let receiver: TraceReceiver;
  let folder: string;
  let schedulers: Running[];

  beforeEach(async () => {
    test = await testDatabase();
    receiver = await TraceReceiver.open();
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-traces-'));
    schedulers = [];
  });
  afterEach(async () => {
    await Promise.all(schedulers.map(stop));
    await receiver.close();
    await test.drop();
    await fs.rm(folder, { recursive: true, force: true });
  });

  async function start(env: Record<string, string> = {}): Promise<Running> {
    const { url } = test;
    const home = path.join(folder, `home${schedulers.length}`);
    const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, PODLINE_SLOTS: '4' };
    const running = startPodline(['scheduler'], { url, home, env: { ...traces, ...env } });
    schedulers.push(running);
    await running.sees(/scheduler started/);
    return running;
  }

  async function stop({ child, ended }: Running): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  }

  async function register(...dags: object[]): Promise<void> {
    const built = dags.map((each) => {
      const plan = compile(each);
      return { plan, source: '/x/traced.ts', bundle: null, hash: versionHash(plan, null) };
    });
    await registerDags(test.pool, { folder: '/x', dags: built, errors: [] });
  }

  async function ended(runId: string, state: string): Promise<void> {
    for (const end = performance.now() + 20_000; ;) {
      const { rows } = await test.pool.query<{ state: string }>(
        'SELECT state FROM podline.run WHERE run_id = $1',
        [runId],
      );
      if (rows[0]?.state === state) return;
      if (performance.now() > end) assert.fail(`${runId} is ${rows[0]?.state}, not ${state}`);
      await sleep(20);
    }
  }

  /** What the database says, in nanoseconds. */
  async function attemptsOf(runId: string) {
    const { rows } = await test.pool.query<Record<string, string | number>>(
      `SELECT t.task_id AS task, a.number, a.state, a.cause,
              (extract(epoch FROM a.scheduled_at) * 1000000)::bigint || '000' AS scheduled,
              (extract(epoch FROM a.launched_at) * 1000000)::bigint || '000' AS launched,
              (extract(epoch FROM a.claimed_at) * 1000000)::bigint || '000' AS claimed,
              (extract(epoch FROM a.ended_at) * 1000000)::bigint || '000' AS ended
         FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
         JOIN podline.run r ON r.id = a.run_id WHERE r.run_id = $1 ORDER BY a.ended_at, a.id`,
      [runId],
    );
    return rows;
  }

  async function outputOf(runId: string, task: string): Promise<unknown> {
    const { rows } = await test.pool.query<{ value: unknown }>(
      `SELECT x.value FROM podline.xcom x JOIN podline.run r ON r.id = x.run_id
        WHERE r.run_id = $1 AND x.task_id = $2`,
      [runId, task],
    );
    return rows[0]?.value;
  }

  const timesOf = ({ startTimeUnixNano, endTimeUnixNano }: ReceivedSpan) =>
    [startTimeUnixNano, endTimeUnixNano] as const;
  const spanOf = (spans: ReceivedSpan[], task: string, attempt = 1) =>
    spans.find(
      ({ name, attributes }) => name === task && attributes['podline.attempt'] === attempt,
    );

  it('have every attempt of a run below it, at the times of the database, sent once by one of two schedulers', async () => {
    await register(
      dag('traced', { schedule: null, tags: ['nightly'] }, (d) => {
        const first = d.task(
          'first',
          bash({ script: 'echo "\\"$TRACEPARENT\\"" > $PODLINE_OUTPUT' }),
        );
        const flaky = bash({ script: '[ "$PODLINE_TRY" = 2 ]' });
        d.task('flaky', flaky, { after: first, retries: { max: 1, delay: '0s' } });
        d.task('broken', bash({ script: 'exit 3' }), { after: first });
        for (let index = 0; index < 10; index++) d.task(`wide${index}`, bash({ script: 'true' }));
      }),
    );
    const resource = { OTEL_RESOURCE_ATTRIBUTES: 'team=data', OTEL_SERVICE_NAME: 'etl' };
    const secret = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=s3cret' };
    await Promise.all([start({ ...resource, ...secret }), start({ ...resource, ...secret })]);
    const caller = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const traceparent = `00-${caller.traceId}-${caller.spanId}-01`;
    const { runId } = await triggerRun(test.pool, 'traced', { traceparent });
    await ended(runId, 'failed');
    const root = await receiver.root(runId);
    await receiver.until(
      () => receiver.of(root.traceId, 'attempt').length === 14,
      'fourteen attempts',
    );

    assert.equal(root.parentSpanId, undefined);
    assert.equal(root.name, 'traced');
    assert.deepEqual(
      root.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
      [caller],
    );
    assert.equal(root.status.code, 2);
    assert.deepEqual(root.attributes['podline.dag.tags'], ['nightly']);
    assert.equal(Number(root.attributes['podline.dag.version']), 1);
    assert.match(String(root.attributes['podline.dag.hash']), /^[0-9a-f]{64}$/);
    assert.equal(root.attributes['podline.run.kind'], 'manual');
    assert.equal(root.resource['service.name'], 'etl');
    assert.equal(root.resource.team, 'data');
    assert.ok(receiver.headers.every((headers) => headers['x-key'] === 's3cret'));
    const { rows } = await test.pool.query<{ started: string; ended: string }>(
      `SELECT (extract(epoch FROM started_at) * 1000000)::bigint || '000' AS started,
              (extract(epoch FROM ended_at) * 1000000)::bigint || '000' AS ended FROM podline.run`,
    );
    assert.deepEqual(timesOf(root), [rows[0]?.started, rows[0]?.ended]);

    const attempts = receiver.of(root.traceId, 'attempt');
    const recorded = await attemptsOf(runId);
    assert.equal(recorded.length, 14);
    for (const row of recorded) {
      const { task, number, scheduled, launched, claimed } = row;
      const span = spanOf(attempts, String(task), Number(number));
      assert.ok(span, `${task} ${number}`);
      assert.equal(span.parentSpanId, root.spanId);
      assert.deepEqual(timesOf(span), [scheduled, row.ended]);
      assert.equal(span.attributes['podline.outcome'], row.state);
      const [queue, launch] = ['queue', 'launch'].map((kind) =>
        receiver.of(root.traceId, kind).find(({ parentSpanId }) => parentSpanId === span.spanId),
      );
      assert.deepEqual(queue && timesOf(queue), [scheduled, launched]);
      assert.deepEqual(launch && timesOf(launch), [launched, claimed]);
    }
    const failed = spanOf(attempts, 'flaky', 1);
    assert.ok(failed);
    assert.equal(failed.status.code, 2);
    assert.equal(failed.status.message, 'The process ended with exit code 1.');
    assert.equal(failed.attributes['podline.cause'], 'exit_code');
    assert.equal(failed.attributes['podline.exit_code'], 1);
    assert.equal(spanOf(attempts, 'flaky', 2)?.status.code ?? 0, 0);

    const { traceId, spanId } = spanOf(attempts, 'first') ?? {};
    assert.equal(await outputOf(runId, 'first'), `00-${traceId}-${spanId}-01`);
    const ids = receiver.spans.map((span) => span.spanId);
    assert.equal(new Set(ids).size, ids.length, 'a span was sent twice');
    assert.equal(ids.length, 1 + 3 * 14);
  });

  it('tell what was cancelled by another process, and go on as a new trace when a run is cleared', async () => {
    await register(
      dag('held', { schedule: null }, (d) => {
        d.task('wait', bash({ script: `until [ -e ${folder}/gate ]; do sleep 0.05; done` }));
      }),
    );
    await start();
    const { runId } = await triggerRun(test.pool, 'held');
    await running();
    await commandRun(test.pool, { dagId: 'held', runId }, { kind: 'cancel' });
    const first = await receiver.root(runId, 'failed');
    assert.equal(first.attributes['podline.run.cause'], 'cancelled');
    await receiver.until(() => receiver.of(first.traceId, 'attempt').length === 1, 'the attempt');
    const [killed] = receiver.of(first.traceId, 'attempt');
    assert.equal(killed?.attributes['podline.cause'], 'cancelled');
    assert.deepEqual(first.links, []);

    await fs.writeFile(path.join(folder, 'gate'), '');
    const clear = { ...CLEAR, tasks: [], latestVersion: false };
    await commandRun(test.pool, { dagId: 'held', runId }, clear);
    const second = await receiver.root(runId, 'success');
    assert.notEqual(second.traceId, first.traceId);
    assert.deepEqual(
      second.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
      [{ traceId: first.traceId, spanId: first.spanId }],
    );
    assert.ok(BigInt(second.startTimeUnixNano) >= BigInt(first.endTimeUnixNano));
    await receiver.until(() => receiver.of(second.traceId, 'attempt').length === 1, 'the second');
    const [again] = receiver.of(second.traceId, 'attempt');
    assert.ok(again);
    assert.equal(again.attributes['podline.attempt'], 2);
    assert.equal(again.parentSpanId, second.spanId);
  });

  async function running(): Promise<void> {
    for (const end = performance.now() + 20_000; ;) {
      const { rows } = await test.pool.query(`SELECT FROM podline.attempt WHERE state = 'running'`);
      if (rows.length > 0) return;
      if (performance.now() > end) assert.fail('nothing runs');
      await sleep(20);
    }
  }

  it('wait in the database while nobody receives them, also through the end of a scheduler; runs go on', async () => {
    await register(dag('small', { schedule: null }, (d) => d.task('a', bash({ script: 'true' }))));
    receiver.status = 503;
    const first = await start({ OTEL_EXPORTER_OTLP_TIMEOUT: '500' });
    const runs = await Promise.all([1, 2, 3].map(() => triggerRun(test.pool, 'small')));
    for (const { runId } of runs) await ended(runId, 'success');
    await first.sees(/traces could not be sent/);
    await stop(first);
    assert.equal(first.all().match(/traces could not be sent/g)?.length, 1);
    assert.equal(receiver.spans.length, 0);
    receiver.status = 200;
    // What the first had taken and could not give back is taken again after a minute.
    await test.pool.query(`UPDATE podline.span_due SET taken_until = '-infinity'`);
    await start();
    for (const { runId } of runs) {
      const { traceId } = await receiver.root(runId);
      await receiver.until(() => receiver.of(traceId, 'attempt').length === 1, 'its attempt');
    }
    const ids = receiver.spans.map((span) => span.spanId);
    assert.equal(new Set(ids).size, ids.length);
    await emptied();
  });

  it('that the receiver refuses for good are counted and not sent again', async () => {
    await register(dag('small', { schedule: null }, (d) => d.task('a', bash({ script: 'true' }))));
    receiver.status = 400;
    const running = await start({ PODLINE_HEALTH_PORT: '0' });
    const [, port = ''] = await running.sees(/"port":(\d+),"msg":"health endpoints open"/);
    const { runId } = await triggerRun(test.pool, 'small');
    await ended(runId, 'success');
    await emptied();
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    assert.match(text, /podline_trace_spans_total\{result="lost"\} 4/);
    assert.match(text, /podline_trace_spans_total\{result="sent"\} 0/);
  });

  async function emptied(): Promise<void> {
    for (const end = performance.now() + 20_000; ;) {
      const { rows } = await test.pool.query('SELECT * FROM podline.span_due');
      if (rows.length === 0) return;
      if (performance.now() > end) assert.fail(`${rows.length} spans still wait`);
      await sleep(20);
    }
  }

  it('load nothing of OpenTelemetry without an address, and in no process but the scheduler with one', async () => {
    await register(
      dag('told', { schedule: null }, (d) =>
        d.task('a', bash({ script: 'echo "\\"${TRACEPARENT-none}\\"" > $PODLINE_OUTPUT' })),
      ),
    );
    const file = path.join(folder, 'modules');
    await fs.writeFile(file, '');
    const hook = path.join(import.meta.dirname, 'noteModules.ts');
    const noted = { PODLINE_TEST_MODULES: file, NODE_OPTIONS: `--import=${hook}` };
    const ways: Record<string, string>[] = [
      { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      { OTEL_SDK_DISABLED: 'true' },
      { OTEL_TRACES_EXPORTER: 'none' },
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    ];
    for (const off of ways) {
      const running = await start({ ...off, ...noted });
      const { runId } = await triggerRun(test.pool, 'told');
      await ended(runId, 'success');
      assert.equal(await outputOf(runId, 'a'), 'none');
      await stop(running);
    }
    assert.equal(await fs.readFile(file, 'utf8'), '');
    assert.equal(receiver.requests, 0);
    assert.deepEqual((await test.pool.query('SELECT * FROM podline.span_due')).rows, []);

    const running = await start(noted);
    const { runId } = await triggerRun(test.pool, 'told');
    await receiver.root(runId);
    const lines = (await fs.readFile(file, 'utf8')).trim().split('\n');
    const processes = new Set(lines.map((line) => Number(line.split(' ')[0])));
    assert.deepEqual([...processes], [running.child.pid]);
  });
});
