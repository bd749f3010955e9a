/** Every TypeScript sample in the documents type-checks against the sources. */
import assert from 'node:assert/strict';
import { sampleProblems, samplesOf } from './samples.ts';
import { filesMatching } from './sources.ts';

describe('code samples in the documents', () => {
  const documents = filesMatching('*.md', 'docs/**/*.md', 'examples/**/*.md');

  it('type-check', function () {
    this.timeout(120_000);
    const samples = documents.flatMap(samplesOf);
    assert.ok(samples.length > 0, 'there are samples');
    assert.deepEqual(sampleProblems(samples), []);
  });

  it('would be caught otherwise, with document and line', function () {
    this.timeout(120_000);
    const text = [
      '# Title',
      '```ts',
      `import { bash, dag } from 'podline/dag';`,
      '',
      `export const good = dag('good', {}, (d) => { d.task('a', bash({ script: 'true' })); });`,
      '```',
      'words',
      '  ```ts',
      `  import { dag } from 'podline/dag';`,
      `  export const bad = dag(5, {}, () => {});`,
      '  ```',
      '```sh',
      'not ours',
      '```',
      '```typescript',
      'const x: number = "text";',
      '```',
      '```ts',
      'let = ;',
      '```',
    ].join('\n');
    const problems = sampleProblems(samplesOf({ path: 'docs/made.md', text }));
    const lines = [...new Set(problems.map((problem) => /^docs\/made\.md:\d+/.exec(problem)?.[0]))];
    assert.deepEqual(
      lines,
      ['docs/made.md:10', 'docs/made.md:16', 'docs/made.md:19'],
      problems.join('\n'),
    );
  });
});
