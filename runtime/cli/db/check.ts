/** `podline db check`: the invariants, exit 1 when one is broken. */
import { checkInvariants, INVARIANTS } from '../../database/invariants.ts';
import { EXIT } from '../exit.ts';
import type { Session } from '../session.ts';

export async function checkDatabase(session: Session): Promise<number> {
  const { output } = session;
  const { green, red } = output.colours;
  const violations = await checkInvariants(await session.database());
  if (output.json) {
    output.printJson({ ok: violations.length === 0, violations });
  } else {
    const broken = new Map(violations.map((one) => [one.invariant, one]));
    output.printTable(INVARIANTS, [
      { title: 'INVARIANT', value: ({ id }) => id },
      {
        title: 'STATE',
        value: ({ id }) => (broken.has(id) ? 'broken' : 'ok'),
        style: (text) => (text === 'ok' ? green(text) : red(text)),
      },
      { title: 'SAYS', value: ({ says }) => says, shrink: true },
    ]);
    for (const { invariant, rows } of violations) {
      output.print(`${red(invariant)} is broken by`);
      for (const row of rows) output.print(`  ${JSON.stringify(row)}`);
    }
  }
  return violations.length > 0 ? EXIT.failed : EXIT.ok;
}
