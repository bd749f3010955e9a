/**
 * sql: statements on a PostgreSQL connection, all in one transaction. Parameters go to the statements
 * that name them ($1, $2, ...). The rows of the last statement that gives some become the output.
 */
import type { OperatorContext, OperatorResult } from './operator.ts';
import { badConfig } from './config.ts';
import { openSession, scriptText } from './sqlSession.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const rows = context.config.rows ?? 'none';
  if (rows !== 'none' && rows !== 'all' && rows !== 'first') {
    throw badConfig(context, 'rows must be none, all or first');
  }
  const limit = typeof context.config.limit === 'number' ? context.config.limit : 1000;
  const session = await openSession(context);
  try {
    const keep = { none: 0, first: 1, all: limit }[rows];
    const found = await session.runScript(scriptText(context), keep);
    if (rows === 'none') return { output: null };
    if (rows === 'first') return { output: found.rows[0] ?? null };
    if (found.count > limit) {
      throw badConfig(
        context,
        `the query gives ${found.count} rows, more than its limit of ${limit}`,
      );
    }
    return { output: found.rows };
  } finally {
    await session.close();
  }
}
