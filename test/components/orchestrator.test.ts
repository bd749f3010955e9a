/** Orchestrator: the whole of Podline from an image and a choice of database. */
import assert from 'node:assert/strict';
import { DatabaseMode, Orchestrator } from '../../src/index.ts';
import { componentLaws } from './laws.ts';
import { record, TWINS } from './mocks.ts';

const IMAGE = 'registry.example.com/podline:1.2.3';

for (const twin of TWINS) {
  describe(`Orchestrator (${twin})`, () => {
    it('from an image and a database makes all parts', async () => {
      const made = await record(
        twin,
        () => new Orchestrator('etl', { image: IMAGE, database: { mode: DatabaseMode.Embedded } }),
      );
      componentLaws(made.children);
      console.log(
        made.children.map((c) => `${c.parent} > ${c.type} ${c.name} [${c.after}]`).join('\n'),
      );
      assert.ok(made);
    });
  });
}
