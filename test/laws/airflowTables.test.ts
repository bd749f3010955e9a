/** docs/coming-from-airflow.md compares every option, and names only fields that exist. */
import assert from 'node:assert/strict';
import { checkOverrides } from '../../src/pods/checkOverrides.ts';
import { read } from './sources.ts';

const parts = read('docs/coming-from-airflow.md').split(/^## /m);
const rowsOf = (title: string): { name: string; verdict: string }[] => {
  const part = parts.find((text) => text.startsWith(title)) ?? assert.fail(`no part ${title}`);
  const table = part.split(/\n\n(?=And around)/)[0] ?? '';
  return [...table.matchAll(/^\| `(\w+)`\s*\|.*\|\s*(same|better|left out)\s*\|$/gm)].map(
    ([, name = '', verdict = '']) => ({ name, verdict }),
  );
};

describe('the comparison with Airflow', () => {
  it('has all 31 options of the executor and all 73 parameters of the operator, once', () => {
    for (const [title, count] of [
      ['Options of KubernetesExecutor', 31],
      ['Parameters of KubernetesPodOperator', 73],
    ] as const) {
      const names = rowsOf(title).map(({ name }) => name);
      assert.equal(names.length, count, title);
      assert.equal(new Set(names).size, count, title);
    }
  });
});

describe('docs/pods.md', () => {
  it('lists exactly the fields that a task can say', () => {
    const part = read('docs/pods.md').split('## What a task can say')[1]?.split('\n## ')[0] ?? '';
    const listed = [...part.matchAll(/^\| (`.*?)\s*\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    const wrong = checkOverrides(
      Object.fromEntries([...listed, 'nonsense'].map((name) => [name, null])),
    );
    const unknown = wrong.filter(({ problem }) => /no such field|refused/.test(problem));
    assert.deepEqual(
      unknown.map(({ path }) => path),
      ['nonsense'],
    );
    assert.equal(listed.length, new Set(listed).size);
    const source = read('src/pods/podOverrides.ts').split('export interface PodOverrides')[1] ?? '';
    const fields = [...(source.split('\n}')[0] ?? '').matchAll(/^ {2}(\w+)\?:/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(listed.sort(), fields.sort());
  });
});
