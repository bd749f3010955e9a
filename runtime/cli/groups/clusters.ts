/** `podline clusters ...`: declarations; the work is in cli/clusters/. */
import type { Command } from 'commander';
import type { Does } from '../declare.ts';

export function declareClusters(program: Command, does: Does): void {
  const clusters = program
    .command('clusters')
    .description('clusters that pods are launched in: from PODLINE_CLUSTERS or PODLINE_KUBECONFIG');
  clusters
    .command('list')
    .description('list the configured clusters')
    .action(does(() => import('../clusters/list.ts').then((m) => m.listClusters)));
  clusters
    .command('check')
    .description('try what a scheduler needs in each namespace; exit 1 when something is missing')
    .argument('[name]', 'only this cluster')
    .action(does(() => import('../clusters/check.ts').then((m) => m.checkClusters)));
  clusters
    .command('manifest')
    .description('print what a cluster needs for `kubectl apply -f -`: namespaces, account, Role')
    .argument('[name]', 'default: the default cluster')
    .option(
      '--database-address <host:port>',
      'with the Secret of the workers: the database as pods see it',
    )
    .action(does(() => import('../clusters/manifest.ts').then((m) => m.printManifest)));
}
