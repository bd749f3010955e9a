/**
 * Monitoring of one installation for the operator of Prometheus and for Grafana: who is scraped, which alerts there
 * are, and a dashboard. The custom resources need their operator; each part can be left out.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ObjectArgs } from './args.ts';
import { alertRules } from './spec/alertRules.ts';
import { childOptions } from './spec/childOptions.ts';
import { dashboardJson } from './spec/dashboard.ts';
import { mergeTexts, metadataOf, type Part } from './spec/labels.ts';
import { HEALTH_PORT, HEALTH_PORT_NAME, typeOf } from './spec/names.ts';
import { objectProblems } from './spec/podProblems.ts';
import {
  type Add,
  dnsLabel,
  needed,
  oneOf,
  plainFields,
  under,
  validate,
  whole,
} from './spec/validate.ts';

/** What Prometheus finds the processes by. */
export const MonitorKind = {
  /** Their pods: schedulers, webservers and warm workers. */
  PodMonitor: 'PodMonitor',
  /** Their Services: schedulers and webservers. */
  ServiceMonitor: 'ServiceMonitor',
} as const;
export type MonitorKind = (typeof MonitorKind)[keyof typeof MonitorKind];

/** Who is scraped, and how often. */
export interface MonitorArgs {
  /** False: the processes are scraped in another way; then each series needs the label `podline`. Default true. */
  create?: boolean;
  /** What Prometheus finds the processes by. Default `PodMonitor`. */
  kind?: MonitorKind;
  /** Labels that a Prometheus chooses its monitors by. Default: none. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Time between two scrapes. Default `30s`. */
  interval?: pulumi.Input<string>;
  /** Namespace of Prometheus: it is let through to the warm workers in namespaces of tasks. Default: nobody is. */
  prometheusNamespace?: pulumi.Input<string>;
}

/** Alerts as a PrometheusRule. */
export interface AlertsArgs {
  /** False: no alerts. Default true. */
  create?: boolean;
  /** Labels that a Prometheus chooses its rules by. Default: none. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Labels of every alert, beside `severity`, for its way to people. */
  alertLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Seconds after which a scheduler counts as standing still. Default 60. */
  schedulerLoopSeconds?: number;
  /** Seconds that a task may wait. Default 900. */
  queuedSeconds?: number;
  /** Part of the attempts, 0 to 1, that may fail within 15 minutes. Default 0.5. */
  failureRatio?: number;
  /** Minutes that a pool may be full. Default 60. */
  poolFullMinutes?: number;
}

/** A dashboard as a ConfigMap, which the sidecar of Grafana looks for. */
export interface DashboardArgs {
  /** False: no dashboard. Default true. */
  create?: boolean;
  /** Labels that the sidecar looks for. Default `grafana_dashboard: "1"`. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Folder of the dashboard, for sidecars that read it from the annotation `grafana_folder`. */
  folder?: pulumi.Input<string>;
  /** Title of the dashboard. Default: Podline and the name of the component. */
  title?: string;
}

/** What there is for Prometheus and Grafana. */
export interface MonitoringFieldArgs {
  /** Who is scraped. */
  monitor?: MonitorArgs;
  /** Which alerts there are. */
  alerts?: AlertsArgs;
  /** The dashboard. */
  dashboard?: DashboardArgs;
}

/** Arguments of Monitoring. */
export interface MonitoringArgs extends ObjectArgs, MonitoringFieldArgs {
  /** Namespace of the control plane. */
  namespace: pulumi.Input<string>;
  /** Namespaces of warm workers, where they are others. */
  workerNamespaces?: pulumi.Input<string>[];
}

/** Scraping, alerts and a dashboard. Series of the installation have the label `podline` with the name of the component. */
export class Monitoring extends pulumi.ComponentResource {
  /** Value of the label `podline` that the series of this installation have. */
  readonly installation: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('Monitoring', name, (add) => monitoringProblems(args, add));
    super(typeOf('Monitoring'), name, args, opts);
    const part: Part = { instance: name, component: 'monitoring' };
    const options = childOptions(this, opts);
    if (args.monitor?.create !== false) createMonitor(name, part, args, options);
    if (args.alerts?.create !== false) createAlerts(name, part, args, options);
    if (args.dashboard?.create !== false) createDashboard(name, part, args, options);
    this.installation = pulumi.output(name);
    this.registerOutputs({ installation: this.installation });
  }
}

const CRD = 'monitoring.coreos.com/v1';

function createMonitor(
  name: string,
  part: Part,
  args: MonitoringArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const { namespace, workerNamespaces = [], monitor = {} } = args;
  const { kind = MonitorKind.PodMonitor, interval = '30s', prometheusNamespace } = monitor;
  const isPods = kind === MonitorKind.PodMonitor;
  const components = isPods
    ? ['scheduler', 'webserver', 'worker-pool']
    : ['scheduler', 'webserver'];
  const endpoints = [
    {
      port: HEALTH_PORT_NAME,
      path: '/metrics',
      interval,
      // All rules and the dashboard look at this label: several installations may share one Prometheus.
      relabelings: [{ action: 'replace', targetLabel: 'podline', replacement: name }],
    },
  ];
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: CRD,
      kind,
      metadata: metadataOf(part, withLabels(args, monitor.labels), { namespace }),
      spec: {
        namespaceSelector: { matchNames: [namespace, ...(isPods ? workerNamespaces : [])] },
        selector: {
          matchLabels: { 'app.kubernetes.io/name': 'podline' },
          matchExpressions: [
            { key: 'app.kubernetes.io/component', operator: 'In', values: components },
          ],
        },
        ...(isPods ? { podMetricsEndpoints: endpoints } : { endpoints }),
      },
    },
    options,
  );
  if (!isPods || prometheusNamespace === undefined) return;
  for (const [index, place] of workerNamespaces.entries()) {
    openTo(`${name}-${index}`, part, args, { place, from: prometheusNamespace }, options);
  }
}

/** Nobody connects to pods in namespaces of tasks; Prometheus may, to the one port of the workers. */
function openTo(
  name: string,
  part: Part,
  args: MonitoringArgs,
  { place, from }: { place: pulumi.Input<string>; from: pulumi.Input<string> },
  options: pulumi.CustomResourceOptions,
): void {
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: metadataOf(part, args, { namespace: place }),
      spec: {
        podSelector: {
          matchLabels: {
            'app.kubernetes.io/name': 'podline',
            'app.kubernetes.io/component': 'worker-pool',
          },
        },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': from } } }],
            ports: [{ protocol: 'TCP', port: HEALTH_PORT }],
          },
        ],
      },
    },
    options,
  );
}

function createAlerts(
  name: string,
  part: Part,
  args: MonitoringArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const { labels, alertLabels, ...thresholds } = args.alerts ?? {};
  const rules = alertRules(name, thresholds).map((rule) => ({
    ...rule,
    labels: mergeTexts(alertLabels, rule.labels),
  }));
  new k8s.apiextensions.CustomResource(
    `${name}-alerts`,
    {
      apiVersion: CRD,
      kind: 'PrometheusRule',
      metadata: metadataOf(part, withLabels(args, labels), { namespace: args.namespace }),
      spec: { groups: [{ name: `podline-${name}`, rules }] },
    },
    options,
  );
}

function createDashboard(
  name: string,
  part: Part,
  args: MonitoringArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const {
    labels = { grafana_dashboard: '1' },
    folder,
    title = `Podline ${name}`,
  } = args.dashboard ?? {};
  new k8s.core.v1.ConfigMap(
    `${name}-dashboard`,
    {
      metadata: metadataOf(part, withLabels(args, labels), {
        namespace: args.namespace,
        // A fixed name: of two at a time, the sidecar would remove the file of the new one with the old one.
        name: `${name}-dashboard`,
        ...(folder !== undefined && { annotations: { grafana_folder: folder } }),
      }),
      data: { [`podline-${name}.json`]: dashboardJson(name, title) },
    },
    options,
  );
}

function withLabels(args: ObjectArgs, labels: ObjectArgs['labels']): ObjectArgs {
  return labels === undefined ? args : { ...args, labels: mergeTexts(args.labels, labels) };
}

export function monitoringProblems(args: MonitoringArgs, add: Add): void {
  plainFields(args, ['workerNamespaces', 'monitor', 'alerts', 'dashboard'], add);
  add('namespace', needed(args.namespace) ?? dnsLabel(args.namespace));
  for (const [index, namespace] of (args.workerNamespaces ?? []).entries()) {
    add(`workerNamespaces[${index}]`, needed(namespace) ?? dnsLabel(namespace));
  }
  objectProblems(args, add);
  add('monitor.kind', oneOf(args.monitor?.kind, MonitorKind));
  objectProblems({ labels: args.monitor?.labels }, under(add, 'monitor'));
  objectProblems({ labels: args.alerts?.labels }, under(add, 'alerts'));
  objectProblems({ labels: args.dashboard?.labels }, under(add, 'dashboard'));
  const { schedulerLoopSeconds, queuedSeconds, failureRatio, poolFullMinutes } = args.alerts ?? {};
  add('alerts.schedulerLoopSeconds', whole(schedulerLoopSeconds, 10, 86_400));
  add('alerts.queuedSeconds', whole(queuedSeconds, 1, 604_800));
  add('alerts.poolFullMinutes', whole(poolFullMinutes, 1, 10_080));
  if (failureRatio !== undefined && !(failureRatio >= 0 && failureRatio <= 1)) {
    add('alerts.failureRatio', `${failureRatio} is not usable; give a part from 0 to 1`);
  }
}
