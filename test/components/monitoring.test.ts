/** Monitoring: every process is found, every expression is one, and every metric in it is one that there is. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { parser } from '@prometheus-io/lezer-promql';
import type * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Monitoring, type MonitoringArgs, MonitorKind } from '../../components/monitoring.ts';
import { Scheduler } from '../../components/scheduler.ts';
import { type AlertRule, alertRules } from '../../components/spec/alertRules.ts';
import { dashboardJson } from '../../components/spec/dashboard.ts';
import { Webserver } from '../../components/webserver.ts';
import { WorkerPool } from '../../components/workerPool.ts';
import { componentLaws } from './laws.ts';
import { failure, record, TWINS } from './mocks.ts';

interface Dashboard {
  uid: string;
  title: string;
  panels: {
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  }[];
}

interface Monitor {
  metadata: { labels: Record<string, string>; namespace: string };
  spec: {
    namespaceSelector: { matchNames: string[] };
    selector: {
      matchLabels: Record<string, string>;
      matchExpressions: { key: string; operator: string; values: string[] }[];
    };
    podMetricsEndpoints?: { port: string; path: string; relabelings: object[] }[];
    endpoints?: { port: string }[];
  };
}

const expressionsOf = (installation: string): string[] => {
  const { panels } = JSON.parse(dashboardJson(installation, 'T')) as Dashboard;
  return [
    ...alertRules(installation).map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
};

describe('alerts and dashboard', () => {
  /** Grafana puts a time in. */
  const plain = (expression: string) => expression.replaceAll('$__rate_interval', '5m');

  it('are made of expressions that Prometheus reads', () => {
    for (const expression of expressionsOf('etl')) {
      const errors: string[] = [];
      parser.parse(plain(expression)).iterate({
        enter: ({ type, from, to }) => {
          if (type.isError) errors.push(plain(expression).slice(from - 10, to + 10));
        },
      });
      assert.deepEqual(errors, [], expression);
    }
  });

  it('ask for metrics that the processes have', async () => {
    const documented = new Set((await fs.readFile('docs/metrics.md', 'utf8')).match(/\w+_\w+/g));
    let count = 0;
    for (const expression of expressionsOf('etl')) {
      for (const [, metric = ''] of expression.matchAll(/\b([a-z]\w+)\{/g)) {
        assert.ok(documented.has(metric.replace(/_bucket$/, '')), `${metric} in ${expression}`);
        count++;
      }
    }
    assert.ok(count >= 20);
  });

  it('ask for one installation alone, whatever it is called', () => {
    for (const expression of expressionsOf('my-etl')) {
      const selectors = [...expression.matchAll(/[a-z]\w+\{([^}]*)\}/g)];
      assert.ok(selectors.length > 0, expression);
      for (const [, inside] of selectors) assert.match(inside ?? '', /^podline="my-etl"/);
    }
  });

  it('say what is wrong, why it matters and how grave it is', () => {
    const rules = alertRules('etl');
    assert.deepEqual(
      rules.map(({ alert }) => alert),
      [
        'PodlineSchedulerDown',
        'PodlineSchedulerLoopLate',
        'PodlineDatabaseUnreachable',
        'PodlineTasksQueuedTooLong',
        'PodlineNoWorkers',
        'PodlineTasksFailing',
        'PodlinePoolFull',
      ],
    );
    for (const { alert, for: time, labels, annotations } of rules) {
      assert.match(time, /^\d+m$/, alert);
      assert.ok(['critical', 'warning'].includes(labels.severity ?? ''), alert);
      assert.ok(annotations.summary.length > 10 && annotations.description.length > 40, alert);
    }
  });

  it('take their thresholds from the arguments', () => {
    const byName = (rules: AlertRule[]) => new Map(rules.map((rule) => [rule.alert, rule]));
    const rules = byName(
      alertRules('etl', {
        schedulerLoopSeconds: 11,
        queuedSeconds: 22,
        failureRatio: 0.33,
        poolFullMinutes: 44,
      }),
    );
    assert.match(rules.get('PodlineSchedulerLoopLate')?.expr ?? '', /> 11$/);
    assert.match(rules.get('PodlineTasksQueuedTooLong')?.expr ?? '', /> 22$/);
    assert.match(rules.get('PodlineTasksFailing')?.expr ?? '', /> 0\.33$/);
    assert.equal(rules.get('PodlinePoolFull')?.for, '44m');
  });

  it('show panels side by side, none over another', () => {
    const { panels } = JSON.parse(dashboardJson('etl', 'T')) as Dashboard;
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      assert.ok(gridPos.x + gridPos.w <= 24, title);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(!taken.has(`${x} ${y}`), `${title} lies over another panel`);
          taken.add(`${x} ${y}`);
        }
      }
    }
    assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
  });

  it('are the same text for the same installation, and have an id of their own', () => {
    assert.equal(dashboardJson('etl', 'T'), dashboardJson('etl', 'T'));
    const uid = (name: string) => (JSON.parse(dashboardJson(name, 'T')) as Dashboard).uid;
    assert.notEqual(uid('etl'), uid('ml'));
    assert.ok(uid('a'.repeat(40)).length <= 40, 'the most that Grafana takes');
  });
});

describe('Monitoring', () => {
  for (const twin of TWINS) {
    describe(twin, () => {
      const make = (more: Partial<MonitoringArgs> = {}) =>
        record(twin, () => new Monitoring('etl', { namespace: 'podline', ...more }));

      it('finds the pods of schedulers, webservers and warm workers, and nothing else', async () => {
        const common = {
          namespace: 'podline',
          image: 'example/podline:1',
          database: {
            secretName: 'database',
            poolUrl: 'postgresql://u:p@h/d',
            workerUrl: 'postgresql://u:p@h/d',
          },
        };
        const { one, all } = await record(twin, () => {
          new Scheduler('s', { ...common, clusters: [{ name: 'home', namespaces: ['etl'] }] });
          new Webserver('w', common);
          new WorkerPool('gpu', { ...common, namespace: 'ml' });
          return new Monitoring('etl', { namespace: 'podline', workerNamespaces: ['ml'] });
        });
        const { spec } = one('PodMonitor').inputs as unknown as Monitor;
        const found = all('Deployment').filter(({ inputs }) => {
          const { metadata, spec: own } = inputs as unknown as k8s.types.output.apps.v1.Deployment;
          const { labels } = own.template.metadata;
          return (
            spec.namespaceSelector.matchNames.includes(metadata.namespace) &&
            Object.entries(spec.selector.matchLabels).every(
              ([key, value]) => labels[key] === value,
            ) &&
            spec.selector.matchExpressions.every(({ key, values }) =>
              values.includes(labels[key] ?? ''),
            )
          );
        });
        assert.equal(found.length, 3);
        const [endpoint] = spec.podMetricsEndpoints ?? [];
        for (const { inputs } of found) {
          const pod = (inputs as unknown as k8s.types.output.apps.v1.Deployment).spec.template.spec;
          assert.ok(pod.containers[0]!.ports.some(({ name }) => name === endpoint?.port));
        }
        assert.equal(endpoint?.path, '/metrics');
        assert.deepEqual(endpoint.relabelings, [
          { action: 'replace', targetLabel: 'podline', replacement: 'etl' },
        ]);
      });

      it('has the labels that a Prometheus and a Grafana look for, each its own', async () => {
        const { one, children } = await make({
          labels: { team: 'data' },
          monitor: { labels: { release: 'prometheus' } },
          alerts: { labels: { role: 'alerts' }, alertLabels: { team: 'data' } },
          dashboard: { folder: 'Data' },
        });
        componentLaws(children);
        const labels = (kind: string) => (one(kind).inputs as unknown as Monitor).metadata.labels;
        assert.equal(labels('PodMonitor').release, 'prometheus');
        assert.equal(labels('PodMonitor').team, 'data');
        assert.equal(labels('PrometheusRule').role, 'alerts');
        assert.equal(labels('ConfigMap').grafana_dashboard, '1');
        const map = one('ConfigMap').inputs as unknown as k8s.types.output.core.v1.ConfigMap;
        assert.equal(map.metadata.annotations.grafana_folder, 'Data');
        assert.equal(map.metadata.name, 'etl-dashboard', 'one file, one name');
        assert.equal((JSON.parse(map.data['podline-etl.json']!) as Dashboard).title, 'Podline etl');
        const { spec } = one('PrometheusRule').inputs as unknown as {
          spec: { groups: { name: string; rules: AlertRule[] }[] };
        };
        assert.equal(spec.groups[0]?.name, 'podline-etl');
        assert.equal(spec.groups[0].rules.length, alertRules('etl').length);
        assert.ok(spec.groups[0].rules.every((rule) => rule.labels.team === 'data'));
      });

      it('lets Prometheus through to workers in namespaces of tasks, when it is told where it is', async () => {
        const { all } = await make({ workerNamespaces: ['ml'] });
        assert.deepEqual(all('NetworkPolicy'), []);
        const { one } = await make({
          workerNamespaces: ['ml'],
          monitor: { prometheusNamespace: 'monitoring' },
        });
        const { metadata, spec } = one('NetworkPolicy')
          .inputs as unknown as k8s.types.output.networking.v1.NetworkPolicy;
        assert.equal(metadata.namespace, 'ml');
        assert.deepEqual(spec.ingress[0]!.ports, [{ protocol: 'TCP', port: 8080 }]);
        assert.equal(spec.podSelector.matchLabels['app.kubernetes.io/component'], 'worker-pool');
      });

      it('finds Services instead of pods when asked to', async () => {
        const { one, all } = await make({ monitor: { kind: MonitorKind.ServiceMonitor } });
        assert.deepEqual(all('PodMonitor'), []);
        const { spec } = one('ServiceMonitor').inputs as unknown as Monitor;
        assert.equal(spec.endpoints?.[0]?.port, 'http');
        assert.deepEqual(spec.selector.matchExpressions[0]?.values, ['scheduler', 'webserver']);
      });

      it('makes only the parts that are wanted', async () => {
        const { children } = await make({
          monitor: { create: false },
          alerts: { create: false },
          dashboard: { create: false },
        });
        assert.deepEqual(
          children.filter(({ custom }) => custom),
          [],
        );
      });

      it('refuses arguments that do not fit, all at once', async () => {
        const error = await failure(
          twin,
          () =>
            new Monitoring('etl', {
              namespace: 'NO',
              workerNamespaces: [''],
              monitor: { labels: { 'a b': 'c' } },
              alerts: { failureRatio: 5, queuedSeconds: 0 },
            }),
        );
        assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
        const { errors } = error as unknown as { errors: { propertyPath: string }[] };
        assert.deepEqual(
          errors.map(({ propertyPath }) => propertyPath),
          [
            'namespace',
            'workerNamespaces[0]',
            'monitor.labels.a b',
            'alerts.queuedSeconds',
            'alerts.failureRatio',
          ],
        );
      });
    });
  }
});
