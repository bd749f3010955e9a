/** The documents say what the sources say: error codes, exit codes, states, causes. */
import assert from 'node:assert/strict';
import { ERRORS } from '../../src/errors.ts';
import { TASK_STATES, TASK_TRANSITIONS } from '../../src/model/states.ts';
import { cliReference } from './cliDocument.ts';
import { madeDocument } from './document.ts';
import { environmentTable } from './environmentDocument.ts';
import { errorList, exitCodes, words } from './errorsDocument.ts';
import { metricTables } from './metricsDocument.ts';
import { filesMatching, read } from './sources.ts';
import { causeTable, stateTable } from './statesDocument.ts';

describe('documents made from sources', () => {
  const parts = [
    ...[errorList, exitCodes, stateTable, causeTable, cliReference, environmentTable],
    ...metricTables,
  ];
  for (const part of parts) {
    it(`${part.document} is up to date with ${part.source}`, async () => {
      const hint = `run: node --conditions=podline-source ${part.script} --write`;
      assert.equal(read(part.document), await madeDocument(part), hint);
    });
  }

  it('docs/errors.md lists exactly the codes of the registry', () => {
    const listed = [...read('docs/errors.md').matchAll(/^### `([^`]+)`$/gm)].map(
      ([, code]) => code,
    );
    assert.deepEqual(listed.sort(), Object.keys(ERRORS).sort());
  });

  it('messages come through as text', () => {
    assert.equal(
      words('A {what} <b> *x* `podline {dag} --x`.'),
      'A `{what}` \\<b\\> \\*x\\* `podline {dag} --x`.',
    );
    assert.equal(words('{max_length}'), '`{max_length}`');
  });
});

describe('the state table', () => {
  it('is the one that the database enforces', () => {
    const sql = filesMatching('runtime/database/migrations/*.sql')
      .map(({ text }) => text)
      .join('\n');
    const bodies = [
      ...sql.matchAll(/FUNCTION podline\.check_move\(\) RETURNS[\s\S]*?ARRAY\[([^\]]*)\]/g),
    ];
    const moves = [...(bodies.at(-1)?.[1] ?? '').matchAll(/'(\w+>\w+)'/g)].map(([, move]) => move);
    const table = TASK_STATES.flatMap((from) =>
      TASK_TRANSITIONS[from].map((to) => `${from}>${to}`),
    );
    assert.deepEqual(moves.sort(), table.sort());
  });
});
