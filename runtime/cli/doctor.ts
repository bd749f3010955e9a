/** `podline doctor`: what podline needs here, one line each with a remedy. Exit 1 when something fails. */
import { count } from '../explain/human.ts';
import { EXIT } from './exit.ts';
import type { Session } from './session.ts';
import { databaseFindings } from './doctorDatabase.ts';
import { machineFindings } from './doctorMachine.ts';

export interface Finding {
  what: string;
  level: 'ok' | 'warn' | 'fail';
  says: string;
  /** What to do; always there when the level is not ok. */
  remedy?: string;
}

export async function doctor(session: Session): Promise<number> {
  const { output } = session;
  const { green, yellow, red } = output.colours;
  const findings = [...(await machineFindings(session)), ...(await databaseFindings(session))];
  const failed = findings.filter(({ level }) => level === 'fail');
  if (output.json) {
    output.printJson({ ok: failed.length === 0, findings });
    return failed.length > 0 ? EXIT.failed : EXIT.ok;
  }
  const colour = { ok: green, warn: yellow, fail: red };
  for (const { what, level, says, remedy } of findings) {
    output.print(`${colour[level](level.padEnd(4))}  ${what.padEnd(14)}  ${says}`);
    if (remedy !== undefined) output.print(`${' '.repeat(22)}${remedy}`);
  }
  const warned = findings.filter(({ level }) => level === 'warn').length;
  output.print(`${count(failed.length, 'failure')}, ${count(warned, 'warning')}.`);
  return failed.length > 0 ? EXIT.failed : EXIT.ok;
}
