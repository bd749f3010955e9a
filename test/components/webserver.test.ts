/** Webserver: HTTP over the database alone, and the ways to it from outside. */
import assert from 'node:assert/strict';
import { Exposure, type ExposureArgs, Webserver, type WebserverArgs } from '../../src/index.ts';
import { ENVIRONMENT_NAMES } from '../../src/model/environment.ts';
import { CONTROL, envOf, mainOf, podOf, problemsOf, workload } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, read, record, TWINS } from './mocks.ts';

for (const twin of TWINS) {
  describe(`Webserver (${twin})`, () => {
    const make = (more: Partial<WebserverArgs> = {}) =>
      record(twin, () => new Webserver('web', { ...CONTROL, ...more }));
    const exposed = (exposure: ExposureArgs) => make({ exposure });

    it('is one process behind a Service', async () => {
      const { one, all, children, value } = await make();
      componentLaws(children);
      assert.equal(workload(one('Deployment')).spec.replicas, 1);
      assert.deepEqual(mainOf(one('Deployment')).args, ['web']);
      assert.deepEqual(at(one('Service').inputs, 'spec.ports'), [
        { name: 'http', port: 80, targetPort: 'http' },
      ]);
      assert.deepEqual(all('PodDisruptionBudget'), []);
      assert.equal(await read(value.url), 'http://web-1a2b3c4d.control.svc');
      assert.equal(await read(value.serviceName), 'web-1a2b3c4d');
      assert.equal(await read(value.deploymentName), 'web-1a2b3c4d');
    });

    it('writes settings that the runtime knows, and has no rights', async () => {
      const { one } = await make({ replicas: 3, logLevel: 'warn' });
      const { HOME, ...settings } = envOf(one('Deployment'));
      assert.equal(HOME, '/tmp');
      assert.deepEqual(settings, {
        PODLINE_HOME: '/tmp/podline',
        PODLINE_DATABASE_URL: 'database/url',
        PODLINE_LOG_LEVEL: 'warn',
        PODLINE_PORT: '8080',
      });
      const known: readonly string[] = ENVIRONMENT_NAMES;
      assert.ok(Object.keys(settings).every((name) => known.includes(name)));
      assert.equal(podOf(one('Deployment')).automountServiceAccountToken, false);
      assert.equal(at(one('PodDisruptionBudget').inputs, 'spec.maxUnavailable'), 1);
    });

    it('signs people in by a provider, whose secret is a file', async () => {
      const { one, children } = await make({
        auth: {
          publicUrl: 'https://podline.example.com',
          oidc: {
            issuer: 'https://login.example.com',
            clientId: 'podline',
            clientSecret: { name: 'oidc' },
            groupRoles: { data: ['editor'], bi: ['viewer', 'operator:tag=bi'] },
          },
        },
      });
      componentLaws(children);
      const settings = envOf(one('Deployment'));
      assert.equal(settings.PODLINE_PUBLIC_URL, 'https://podline.example.com');
      assert.equal(settings.PODLINE_OIDC_ISSUER, 'https://login.example.com');
      assert.equal(settings.PODLINE_OIDC_CLIENT_ID, 'podline');
      assert.equal(settings.PODLINE_OIDC_CLIENT_SECRET_FILE, '/etc/podline/oidc/client-secret');
      assert.equal(
        settings.PODLINE_OIDC_ROLES,
        '{"data":["editor"],"bi":["viewer","operator:tag=bi"]}',
      );
      const known: readonly string[] = ENVIRONMENT_NAMES;
      assert.ok(Object.keys(settings).every((name) => name === 'HOME' || known.includes(name)));
      const volumes = podOf(one('Deployment')).volumes;
      assert.deepEqual(
        volumes.find(({ name }) => name === 'oidc'),
        {
          name: 'oidc',
          secret: {
            secretName: 'oidc',
            items: [{ key: 'client-secret', path: 'client-secret' }],
          },
        },
      );
    });

    it('is found by an Ingress, for which no update waits', async () => {
      const { one, children, value } = await exposed({
        type: Exposure.Ingress,
        host: 'podline.example.com',
        ingressClass: 'nginx',
        tlsSecret: 'tls',
        annotations: { 'cert-manager.io/cluster-issuer': 'main' },
      });
      componentLaws(children);
      const { inputs } = one('Ingress');
      assert.deepEqual(at(inputs, 'metadata.annotations'), {
        'cert-manager.io/cluster-issuer': 'main',
        'pulumi.com/skipAwait': 'true',
      });
      assert.deepEqual(inputs.spec, {
        ingressClassName: 'nginx',
        tls: [{ hosts: ['podline.example.com'], secretName: 'tls' }],
        rules: [
          {
            host: 'podline.example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web-1a2b3c4d', port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      });
      assert.equal(await read(value.url), 'https://podline.example.com');
    });

    it('waits for the Ingress when asked to', async () => {
      const { one, value } = await exposed({
        type: Exposure.Ingress,
        host: 'podline.example.com',
        awaitIngress: true,
      });
      assert.deepEqual(at(one('Ingress').inputs, 'metadata.annotations'), {
        'pulumi.com/skipAwait': 'false',
      });
      assert.equal(await read(value.url), 'http://podline.example.com', 'nothing ends TLS here');
    });

    it('is found by a route of a Gateway', async () => {
      const { one, children, value } = await exposed({
        type: Exposure.HTTPRoute,
        host: 'podline.example.com',
        gateways: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
      });
      componentLaws(children);
      const { inputs } = one('HTTPRoute');
      assert.equal(inputs.apiVersion, 'gateway.networking.k8s.io/v1');
      assert.deepEqual(inputs.spec, {
        parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
        hostnames: ['podline.example.com'],
        rules: [{ backendRefs: [{ name: 'web-1a2b3c4d', port: 80 }] }],
      });
      assert.equal(await read(value.url), 'https://podline.example.com');
    });
  });
}

describe('Webserver refuses', () => {
  const problems = (exposure: Partial<ExposureArgs>) =>
    problemsOf(() => new Webserver('web', { ...CONTROL, exposure: exposure as ExposureArgs }));

  it('ways that lead nowhere', () => {
    assert.deepEqual(problems({}), [
      'exposure.type: it is missing',
      'exposure.host: it is missing',
    ]);
    assert.deepEqual(problems({ type: 'NodePort' as Exposure, host: 'a' }), [
      'exposure.type: "NodePort" is not known; choose one of ClusterIP, Ingress, HTTPRoute',
    ]);
    assert.deepEqual(problems({ type: Exposure.Ingress, host: 'No Host', gateways: [] }), [
      'exposure.host: "No Host" is no name: use lower-case letters, digits, "-" and "."',
      'exposure.gateways: it is for type HTTPRoute, and the type is Ingress',
    ]);
    assert.deepEqual(
      problems({ type: Exposure.HTTPRoute, host: 'a.example.com', tlsSecret: 't' }),
      [
        'exposure.tlsSecret: it is for type Ingress, and the type is HTTPRoute',
        'exposure.gateways: it is missing; name a Gateway',
      ],
    );
  });
});
