/** An installation over its database: queries to read, commands to change. Opened by session.ts. */
import { deletePool, setPool } from '../../commands/pools.ts';
import { deleteVariable, setVariables } from '../../commands/variables.ts';
import type { Database } from '../../database/pool.ts';
import { readPools } from '../../database/queries/readPools.ts';
import { readVariable, readVariables } from '../../database/queries/readVariables.ts';
import type { Installation } from '../installation.ts';
import { localDags } from './dags.ts';
import { localRuns } from './runs.ts';
import { localTasks } from './tasks.ts';

export function localInstallation(database: Database): Installation {
  return {
    dags: localDags(database),
    runs: localRuns(database),
    tasks: localTasks(database),
    pools: {
      list: () => readPools(database),
      set: (pool) => setPool(database, pool),
      delete: (name) => deletePool(database, name),
    },
    variables: {
      list: (given) => readVariables(database, given),
      find: (key) => readVariable(database, key),
      set: (variable) => setVariables(database, [variable], 'variable.set'),
      delete: (key) => deleteVariable(database, key),
    },
  };
}
