/** sensor.sql: true once the first column of the first row is neither null, false, 0 nor empty. */
import type { OperatorContext, OperatorResult } from './operator.ts';
import { openSession, scriptText } from './sqlSession.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const session = await openSession(context);
  try {
    const { rows } = await session.runScript(scriptText(context), 1);
    const [row] = rows;
    const [value = null] = row ? Object.values(row) : [];
    const waiting = value === null || value === false || value === '' || Number(value) === 0;
    return { waiting };
  } finally {
    await session.close();
  }
}
