/**
 * The login of clusters behind a proxy, and of users with an auth provider (OpenID Connect): done by all of
 * @kubernetes/client-node, which only they pay for. Loaded by clusterLogin.ts.
 */
import type http from 'node:http';
import type https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { dropIdle, type Access, type ClusterLogin } from './clusterLogin.ts';
import type { KubeContext } from './kubeconfig.ts';

export function openFullLogin(context: KubeContext): ClusterLogin {
  let config = load(context);
  const agents = new Set<http.Agent>();
  return {
    server: new URL(context.cluster.server),
    async access(): Promise<Access> {
      const options: https.RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      const agent = options.agent as http.Agent & { keepAlive: boolean };
      agent.keepAlive = true;
      agents.add(agent);
      const headers = Object.assign({}, options.headers) as Record<string, string>;
      if (options.auth) {
        headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
      }
      return { headers, requests: agent, streams: agent };
    },
    renew() {
      config = load(context);
    },
    dropIdle() {
      for (const agent of agents) dropIdle(agent);
    },
    close() {
      for (const agent of agents) agent.destroy();
    },
  };
}

function load({ cluster, user }: KubeContext): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [cluster],
    users: [user],
    contexts: [{ name: 'chosen', cluster: cluster.name, user: user.name }],
    currentContext: 'chosen',
  });
  return config;
}
