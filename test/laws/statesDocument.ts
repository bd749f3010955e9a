/**
 * Makes the table of docs/states.md from src/model/states.ts. Write it anew with
 * `node --conditions=podline-source test/laws/statesDocument.ts --write`.
 */
import { TASK_STATES, TASK_TRANSITIONS, holdsSlot, isTerminal } from '../../src/model/states.ts';
import { CAUSES } from '../../src/model/causes.ts';
import { writeDocument } from './document.ts';
import type { MadePart } from './document.ts';

const script = 'test/laws/statesDocument.ts';

export const stateTable: MadePart = {
  document: 'docs/states.md',
  source: 'src/model/states.ts',
  script,
  make: () =>
    [
      '| state | terminal | holds a slot | may become |',
      '| --- | --- | --- | --- |',
      ...TASK_STATES.map((state) => {
        const next = TASK_TRANSITIONS[state].map((to) => `\`${to}\``).join(', ');
        return `| \`${state}\` | ${mark(isTerminal(state))} | ${mark(holdsSlot(state))} | ${next} |`;
      }),
    ].join('\n'),
};

export const causeTable: MadePart = {
  document: 'docs/states.md',
  source: 'src/model/causes.ts',
  script,
  make: () =>
    [
      '| cause | what happened | budget |',
      '| --- | --- | --- |',
      ...Object.entries(CAUSES).map(
        ([cause, { infrastructure, says }]) =>
          `| \`${cause}\` | ${says} | ${infrastructure ? 'infrastructure' : 'retries'} |`,
      ),
    ].join('\n'),
};

function mark(yes: boolean): string {
  return yes ? 'yes' : '';
}

if (process.argv[1]?.endsWith(script) && process.argv.includes('--write')) {
  await writeDocument(stateTable);
  await writeDocument(causeTable);
}
