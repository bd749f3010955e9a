/** What changed between two versions, in words: nobody reads two long values to find a difference. */
import assert from 'node:assert/strict';
import { bash, type Dag, dag, empty, sql } from 'podline/dag';
import { planChanges } from '../../runtime/explain/planChanges.ts';
import { compile } from '../../src/plan/compile.ts';

type Params = NonNullable<Parameters<typeof dag>[1]['params']>;

const planned = (value: Dag) => ({ plan: compile(value), source: 'a.ts', bundle: null });
const changes = (before: Dag, after: Dag) => planChanges(planned(before), planned(after));

describe('what changed between two versions', () => {
  const withParams = (params: Params) => dag('d', { params }, (d) => void d.task('t', empty()));
  const region = { type: 'string', enum: ['north', 'south', 'east', 'west'] } as const;

  it('names the param that is another one, new or gone', () => {
    const top = { type: 'integer', default: 6, minimum: 1 } as const;
    const before = withParams({ top, region, old: { type: 'boolean', default: false } });
    const after = withParams({ top: { ...top, default: 8 }, region, fresh: { type: 'string' } });
    const found = changes(before, after);
    assert.ok(found.includes('params.top.default: 6 => 8'), found.join('\n'));
    assert.ok(
      found.some((words) => words.startsWith('params.old: {"type"')),
      found.join('\n'),
    );
    assert.ok(
      found.some((words) => words.startsWith('params.fresh: none => ')),
      found.join('\n'),
    );
    assert.ok(!found.some((words) => words.startsWith('params.region')));
  });

  it('shows a short value whole, and a long one where it changed', () => {
    const described = (description: string) =>
      dag('d', { description }, (d) => void d.task('t', empty()));
    assert.deepEqual(changes(described('one'), described('two')), ['description: "one" => "two"']);
    const long = 'a sentence that goes on and on '.repeat(4);
    assert.deepEqual(changes(described(`${long}until noon`), described(`${long}until night`)), [
      'description: "…d on until noon" => "…d on until night"',
    ]);
  });

  it('takes any JSON for what it is', () => {
    const withEnv = (fallback: string | object) =>
      withParams({ a: { type: 'object', default: fallback } });
    assert.deepEqual(changes(withEnv({ toString: 'x' }), withEnv('y'.repeat(9))), [
      'params.a.default: {"toString":"x"} => "yyyyyyyyy"',
    ]);
  });

  it('counts the lines of a script that stands in the DAG file', () => {
    const load = (script: string) =>
      dag('d', {}, (d) => {
        d.task('load', bash({ script }));
        d.task('read', sql({ connection: 'w', sql: script }));
      });
    const lines = Array.from({ length: 20 }, (_, n) => `echo ${n}`);
    const found = changes(load(lines.join('\n')), load(lines.with(7, 'echo seven').join('\n')));
    assert.equal(found.length, 2);
    for (const words of found) {
      assert.match(words, /^~ task (load|read): \S+ changed \(line 8: -1 \+1\)$/);
    }
  });
});
