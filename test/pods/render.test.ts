/** Templates of direct pods: rendered where they can do nothing, and only their own attempt fails. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { closeSandbox, renderInSandbox } from '../../runtime/pods/render.ts';
import { sandboxFlags } from '../../runtime/pods/renderer.ts';
import type { Json, PlanTask } from '../../src/plan/plan.ts';
import { assignment, planTask } from '../worker/fixture.ts';

const run = promisify(execFile);

function task(config: Record<string, Json>, more: Partial<PlanTask> = {}, dagId = 'd') {
  const made = assignment(planTask({ operator: 'pod', config, ...more }));
  return { ...made, run: { ...made.run, dagId, params: { size: 2 } } };
}

async function rendered(text: string, dagId = 'd'): Promise<Json | undefined> {
  const result = await renderInSandbox(task({ text }, {}, dagId));
  assert.ok('config' in result, JSON.stringify(result));
  return result.config.text;
}

async function refused(text: string, dagId = 'd') {
  const result = await renderInSandbox(task({ text }, {}, dagId));
  assert.ok('failure' in result, JSON.stringify(result));
  return result.failure;
}

describe('templates of direct pods', () => {
  after(() => closeSandbox());

  it('hands on what has no template without any process', async () => {
    const began = performance.now();
    const config = { image: 'alpine', arguments: ['a', 1, { deep: null }] };
    const result = await renderInSandbox(task(config, { env: { A: 'b' } }));
    assert.deepEqual(result, { config, env: { A: 'b' } });
    assert.ok(performance.now() - began < 50);
  });

  it('renders config, lists and environment with the names that workers know', async () => {
    const result = await renderInSandbox(
      task(
        { arguments: ['--day', '{{ ds }}', '{{ params.size + 1 }}'], plain: 'x' },
        { env: { RUN: '{{ run_id }}' } },
      ),
    );
    const { run } = task({});
    assert.deepEqual(result, {
      config: {
        arguments: ['--day', run.logicalDate?.slice(0, 10), '3'],
        plain: 'x',
      },
      env: { RUN: run.runId },
    });
  });

  it('says which template is wrong, and where', async () => {
    const { cause, message } = await refused('{{ params.nothing }}');
    assert.equal(cause, 'template');
    assert.match(message, /config\.text.*not defined/);
  });

  it('names a variable that does not exist', async () => {
    const references = { xcoms: [], variables: ['region'], connections: [] };
    const result = await renderInSandbox(task({ text: '{{ var.region }}' }, { references }));
    assert.ok('failure' in result);
    assert.equal(result.failure.cause, 'input');
    assert.match(result.failure.message, /region/);
  });

  it('gives the classical escape nothing to hold', async () => {
    const escape = (code: string) => `{{ ds.constructor.constructor("${code}")() }}`;
    for (const code of ['return process.env.PATH', "return import('node:fs')", 'return 1']) {
      const { cause, message } = await refused(escape(code));
      assert.equal(cause, 'template');
      assert.match(message, /Code generation from strings disallowed/);
    }
    // By other ways to the same constructor.
    await refused('{{ range.constructor("return process")() }}');
    await refused('{{ macros["constr" + "uctor"]["constructor"]("return process")() }}');
    assert.equal(await rendered('{{ 1 + 1 }}'), '2', 'the process goes on');
  });

  it('has walls behind that: no files, environment, programs or threads', async () => {
    const probe = `
      const tries = {
        env: () => Object.keys(process.env).filter((name) => name !== 'NODE_CHANNEL_FD').join(),
        file: () => process.getBuiltinModule('fs').readFileSync('/etc/passwd', 'utf8'),
        project: () => process.getBuiltinModule('fs').readdirSync(${JSON.stringify(process.cwd())}).join(),
        write: () => process.getBuiltinModule('fs').writeFileSync('/tmp/podline-escape', 'x'),
        program: () => process.getBuiltinModule('child_process').execFileSync('id', { encoding: 'utf8' }),
        thread: () => new (process.getBuiltinModule('worker_threads').Worker)('1', { eval: true }),
        code: () => Function('return 1')(),
      };
      const found = {};
      for (const [name, attempt] of Object.entries(tries)) {
        try { found[name] = 'got: ' + attempt(); } catch (error) { found[name] = error.code ?? error.name; }
      }
      console.log(JSON.stringify(found));`;
    const { stdout } = await run(process.execPath, [...sandboxFlags(), '-e', probe], { env: {} });
    assert.deepEqual(JSON.parse(stdout), {
      env: 'got: ',
      file: 'ERR_ACCESS_DENIED',
      project: 'ERR_ACCESS_DENIED',
      write: 'ERR_ACCESS_DENIED',
      program: 'ERR_ACCESS_DENIED',
      thread: 'ERR_ACCESS_DENIED',
      code: 'EvalError',
    });
  });

  it('ends a template that never ends, and renders the next ones', async () => {
    const loop =
      '{% for a in range(1000000) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}';
    const results = await Promise.all([refused(loop), rendered('{{ ds }}'), rendered('{{ 7 }}')]);
    assert.equal(results[0].cause, 'template');
    assert.match(results[0].message, /within 2 s/);
    assert.equal(results[2], '7');
  });

  it('ends a template that eats memory', async () => {
    const eat =
      '{% set a = [ds] %}{% for i in range(40) %}{% set a = a.concat(a) %}{% endfor %}{{ a | length }}';
    const { cause, message } = await refused(eat);
    assert.equal(cause, 'template');
    assert.match(message, /memory|within 2 s/);
  });

  it('refuses text that fits into no pod', async () => {
    const { cause, message } = await refused('{{ ds.repeat(200000) }}');
    assert.equal(cause, 'template');
    assert.match(message, /1024 KB/);
  });

  it('keeps DAGs apart: what a template changes for all is seen by its own DAG only', async () => {
    const spoil = '{{ params.__proto__.__defineGetter__("spoiled", joiner) or "done" }}';
    await renderInSandbox(task({ text: spoil }, {}, 'evil'));
    const look = '{{ "seen" if "x".spoiled is defined else "clean" }}';
    assert.equal(await rendered(look, 'evil'), 'seen');
    assert.equal(await rendered(look, 'good'), 'clean');
  });

  it('serves more DAGs than it keeps processes for', async () => {
    const texts = await Promise.all(
      Array.from({ length: 9 }, (_, i) => rendered(`{{ ${i} }}`, `dag${i}`)),
    );
    assert.deepEqual(texts, ['0', '1', '2', '3', '4', '5', '6', '7', '8']);
  });
});
