/** Every source file keeps the house rules. */
import assert from 'node:assert/strict';
import { fileProblems } from './fileLaw.ts';
import { filesMatching } from './sources.ts';

describe('source files', () => {
  it('start with a comment, stay short and silence no check', () => {
    const files = filesMatching(
      '{src,runtime,components,test}/**/*.{ts,sql}',
      'examples/**/*.{ts,sql,py,R,sh}',
    );
    assert.ok(files.length > 50, 'the search for sources finds them');
    const written = files.filter(({ path }) => !path.endsWith('.d.ts'));
    assert.deepEqual(written.flatMap(fileProblems), []);
  });

  it('would be caught otherwise', () => {
    const good = '/** What it is. */\nexport const one = 1;\n';
    const cases: [path: string, text: string, reason: RegExp][] = [
      ['src/a.ts', 'export const one = 1;\n', /does not start with a comment/],
      ['runtime/a.sql', 'SELECT 1;\n', /does not start with a comment/],
      ['examples/a.py', '#!/usr/bin/env python3\nimport os\n', /does not start with a comment/],
      ['src/a.ts', good + 'x;\n'.repeat(400), /402 lines/],
      ['src/a_b.ts', good, /camelCase/],
      ['src/a.ts', good + ['// eslint', 'disable-next-line'].join('-'), /silences a check/],
      ['src/a.ts', `${good}export default one;\n`, /default export/],
    ];
    for (const [path, text, reason] of cases) {
      const problems = fileProblems({ path, text });
      assert.equal(problems.length, 1, path);
      assert.match(problems[0]!, reason);
    }
    assert.deepEqual(fileProblems({ path: 'src/a.ts', text: good }), []);
    assert.deepEqual(
      fileProblems({ path: 'examples/a.py', text: '#!/usr/bin/python3\n# x\n' }),
      [],
    );
  });
});
