/** empty: succeeds at once; a joint between tasks. */
import type { OperatorContext } from './operator.ts';

export async function run(_context: OperatorContext): Promise<void> {}
