/** The import law holds for every file, and the judge of it is itself judged. */
import assert from 'node:assert/strict';
import { importProblems, importsOf } from './importLaw.ts';
import { filesMatching } from './sources.ts';

describe('the import law', () => {
  it('holds for every file', () => {
    const files = filesMatching('{src,runtime,components}/**/*.ts');
    assert.ok(files.length > 50, 'the search for sources finds them');
    assert.deepEqual(files.flatMap(importProblems), []);
  });

  it('sees every way to import', () => {
    const text = `
      import a from 'a';
      import type { B } from 'b';
      import 'c';
      export { d } from 'd';
      export * from 'e';
      const f = await import('f');
      const g = require('g');
      type H = import('h').H;
      // import 'not this one';
      const text = "import 'nor this'";`;
    assert.deepEqual(importsOf(text).sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  const broken: [path: string, text: string, reason: RegExp][] = [
    ['src/plan/x.ts', `import '../../runtime/config.ts'`, /nothing outside itself/],
    ['src/plan/x.ts', `import '../../components/args.ts'`, /nothing outside itself/],
    ['src/dag.ts', `import type { Pool } from 'pg'`, /only what is pure/],
    ['src/dag.ts', `import { readFile } from 'node:fs/promises'`, /only what is pure/],
    ['src/dag.ts', `import * as pulumi from '@pulumi/pulumi'`, /only what is pure/],
    ['src/index.ts', `export * from '../runtime/config.ts'`, /nothing outside itself/],
    ['src/dag.ts', `import './index.ts'`, /for those outside/],
    ['components/x.ts', `import '../src/index.ts'`, /for those outside/],
    ['runtime/cli/x.ts', `import '../../components/args.ts'`, /never imports components/],
    ['runtime/cli/x.ts', `await import('@pulumi/kubernetes/core')`, /never imports Pulumi/],
    ['runtime/cli/x.ts', `import '../../test/laws/sources.ts'`, /only tests/],
    ['runtime/cli/x.ts', `import './output'`, /end in \.ts/],
    ['components/x.ts', `import '../runtime/config.ts'`, /never import runtime/],
    ['components/x.ts', `import { Pool } from 'pg'`, /no database or cluster client/],
    ['components/x.ts', `import type { V1Pod } from '@kubernetes/client-node'`, /no database or/],
  ];
  for (const [path, text, reason] of broken) {
    it(`refuses ${text} in ${path}`, () => {
      const problems = importProblems({ path, text });
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, reason);
    });
  }

  it('allows what it should', () => {
    const fine: [string, string][] = [
      ['src/plan/params.ts', `import { Ajv2020 } from 'ajv/dist/2020.js'`],
      ['src/plan/x.ts', `import { canMove } from '../model/states.ts'`],
      ['src/index.ts', `export { Scheduler } from '../components/scheduler.ts'`],
      ['runtime/cli/x.ts', `import { ERRORS } from '../../src/errors.ts'; import pg from 'pg'`],
      ['components/x.ts', `import * as k8s from '@pulumi/kubernetes'; import '../src/errors.ts'`],
    ];
    for (const [path, text] of fine) assert.deepEqual(importProblems({ path, text }), []);
  });
});
