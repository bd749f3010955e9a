/** empty: does nothing; a joint between tasks. */
import type { Operator } from './operator.ts';

export function empty(): Operator<null> {
  return { operator: 'empty', config: {}, inputs: {}, connections: [] };
}
