/**
 * What an Orchestrator has on request, beside what makes it run: DAGs, connections, pools of warm workers, monitoring
 * and backups, each by the component of its own.
 */
import * as pulumi from '@pulumi/pulumi';
import { slugOf } from '../src/connections/names.ts';
import type { ControlPlaneArgs } from './args.ts';
import { Backup } from './backup.ts';
import { Connection } from './connection.ts';
import { DagBundle } from './dagBundle.ts';
import { Monitoring } from './monitoring.ts';
import type { OrchestratorArgs } from './orchestratorArgs.ts';
import { type Bundle, withBundle } from './spec/bundleSource.ts';
import { after } from './spec/childOptions.ts';
import { orchestratorBackup } from './spec/orchestratorBackup.ts';
import { folderName } from './spec/orchestratorProblems.ts';
import type { TaskNamespace } from './taskNamespace.ts';
import { WorkerPool } from './workerPool.ts';

export interface Parts extends ControlPlaneArgs {
  tasks: TaskNamespace[];
  /** What was read of each DAG folder. */
  bundles: Bundle[];
}

/** Options of what can be made at once, and of what waits for schema and rights. */
interface Order {
  options: pulumi.CustomResourceOptions;
  ready: pulumi.CustomResourceOptions;
}

/** Makes them; the ids of all DAGs. */
export function createMore(
  name: string,
  args: OrchestratorArgs,
  { tasks, bundles, ...common }: Parts,
  { options, ready }: Order,
): pulumi.Output<string[]> {
  const { labels, annotations } = common;
  const namespaces = tasks.map((each) => each.name);
  const connections = (args.connections ?? []).map(
    (each) =>
      new Connection(
        `${name}-${slugOf(each.connectionId)}`,
        { labels, annotations, ...each, namespaces },
        options,
      ),
  );
  for (const pool of args.workerPools ?? []) {
    new WorkerPool(
      `${name}-${slugOf(pool.pool)}`,
      { ...common, namespace: namespaces[0] ?? common.namespace, ...pool },
      after(ready, connections),
    );
  }
  if (args.monitoring) {
    new Monitoring(
      name,
      {
        labels,
        annotations,
        namespace: common.namespace,
        ...(args.workerPools?.length && { workerNamespaces: namespaces.slice(0, 1) }),
        ...args.monitoring,
      },
      options,
    );
  }
  if (args.backup) {
    const made = {
      namespace: common.namespace,
      connection: common.database,
      database: `${name}-database`,
    };
    const told = orchestratorBackup(args, args.backup, made);
    new Backup(`${name}-backup`, { labels, annotations, ...told }, ready);
  }
  // Their runs may begin as soon as they are known.
  const made = (args.dagFolders ?? []).map((folder, index) => {
    const given = { ...common, folder };
    const bundle = bundles[index];
    return new DagBundle(
      `${name}-${folderName(folder)}`,
      bundle ? withBundle(given, bundle) : given,
      after(ready, connections),
    );
  });
  return pulumi.all(made.map(({ dagIds }) => dagIds)).apply((all) => all.flat());
}
