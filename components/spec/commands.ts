/** What people type to look at an installation, as outputs of the stack. */
import * as pulumi from '@pulumi/pulumi';

export interface Places {
  namespace: pulumi.Input<string>;
  taskNamespace: pulumi.Input<string>;
  /** Name of the Deployment of the schedulers. */
  scheduler: pulumi.Input<string>;
  /** Name of the Service of the webserver. */
  webService: pulumi.Input<string>;
}

export function commandsOf(places: Places): pulumi.Output<Record<string, string>> {
  return pulumi.output(places).apply<Record<string, string>>((known) => {
    const { namespace, taskNamespace, scheduler, webService } = known;
    return {
      dags: `kubectl --namespace ${namespace} exec deployment/${scheduler} -- podline dags list`,
      log: `kubectl --namespace ${namespace} logs --follow deployment/${scheduler}`,
      pods: `kubectl --namespace ${taskNamespace} get pods`,
      web: `kubectl --namespace ${namespace} port-forward service/${webService} 8080:80`,
    };
  });
}
