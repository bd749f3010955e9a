/**
 * How requests reach one cluster: its address, the headers that say who asks, and agents that keep connections
 * alive. Called by apiConnection.ts before each request: tokens, certificates and exec plugins renew themselves.
 */
import fs from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { ClusterConfig } from './clusterConfig.ts';
import { readKubeconfig, type KubeContext } from './kubeconfig.ts';
import type { LoginPlugin } from './loginPlugin.ts';

export interface Access {
  headers: Record<string, string>;
  /** For answers that come at once. */
  requests: http.Agent;
  /** For watches and logs, which hold their connection. */
  streams: http.Agent;
}

export interface ClusterLogin {
  readonly server: URL;
  access(): Promise<Access>;
  /** The server did not take what access() gave (401): get it anew next time. */
  renew(): void;
  /** Ends the connections that nobody uses at the moment. */
  dropIdle(): void;
  close(): void;
}

/** Kubelets write a new token well before the old one ends; client-go reads it again each minute, too. */
const FILE_SECONDS = 60;
const MAX_CONNECTIONS = 64;
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export async function openLogin(cluster: ClusterConfig): Promise<ClusterLogin> {
  const read = () => readContext(cluster);
  const context = await read();
  if (context.cluster.proxyUrl || context.user.authProvider) {
    const { openFullLogin } = await import('./fullLogin.ts');
    return openFullLogin(context);
  }
  return new PlainLogin(context, read);
}

function readContext(cluster: ClusterConfig): Promise<KubeContext> {
  if (!cluster.apiServer) return readKubeconfig(cluster.kubeconfig ?? '', cluster.context);
  return Promise.resolve({
    cluster: {
      name: cluster.name,
      server: cluster.apiServer,
      caFile: `${SERVICE_ACCOUNT}/ca.crt`,
      skipTLSVerify: false,
    },
    user: { name: 'service account', tokenFile: `${SERVICE_ACCOUNT}/token` },
    namespace: undefined,
  });
}

/** Certificates, tokens, token files, passwords and exec plugins: all that clusters of today ask for. */
class PlainLogin implements ClusterLogin {
  readonly server: URL;
  /** Null after a refusal: read again, somebody may have written a new kubeconfig. */
  #context: KubeContext | null;
  readonly #read: () => Promise<KubeContext>;
  readonly #files = new Map<string, { content: Buffer; readAt: number }>();
  #plugin: LoginPlugin | null = null;
  #agents: { identity: string; requests: http.Agent; streams: http.Agent } | null = null;

  constructor(context: KubeContext, read: () => Promise<KubeContext>) {
    this.server = new URL(context.cluster.server);
    this.#context = context;
    this.#read = read;
  }

  async access(): Promise<Access> {
    this.#context ??= await this.#read();
    const { cluster, user } = this.#context;
    const options: https.AgentOptions = {
      ca: await this.#pem(cluster.caFile, cluster.caData),
      cert: await this.#pem(user.certFile, user.certData),
      key: await this.#pem(user.keyFile, user.keyData),
      ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
      ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    };
    const headers: Record<string, string> = {};
    if (user.impersonateUser) headers['Impersonate-User'] = user.impersonateUser;
    if (user.exec) await this.#runPlugin(user, options, headers);
    const token = user.token ?? (user.tokenFile ? await this.#text(user.tokenFile) : undefined);
    if (token) headers.Authorization = `Bearer ${token}`;
    else if (user.username) {
      const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
      headers.Authorization = `Basic ${pair}`;
    }
    return { headers, ...this.#agentsFor(options) };
  }

  renew(): void {
    this.#context = null;
    this.#files.clear();
    this.#plugin = null;
  }

  dropIdle(): void {
    dropIdle(this.#agents?.requests);
  }

  close(): void {
    this.#agents?.requests.destroy();
    this.#agents?.streams.destroy();
    this.#agents = null;
  }

  /** The plugin's answer is kept until the time that it tells. */
  async #runPlugin(
    user: KubeContext['user'],
    options: https.AgentOptions,
    headers: Record<string, string>,
  ): Promise<void> {
    const { LoginPlugin } = await import('./loginPlugin.ts');
    this.#plugin ??= new LoginPlugin();
    const login = await this.#plugin.login(user);
    Object.assign(headers, login.headers);
    options.cert = login.cert ?? options.cert;
    options.key = login.key ?? options.key;
  }

  /** A new certificate means new connections; those in use end by themselves. */
  #agentsFor(options: https.AgentOptions): { requests: http.Agent; streams: http.Agent } {
    const identity = JSON.stringify([options.ca, options.cert, options.key].map(words));
    if (this.#agents?.identity === identity) return this.#agents;
    const make = (more: https.AgentOptions) =>
      this.server.protocol === 'http:'
        ? new http.Agent(more)
        : new https.Agent({ ...options, ...more });
    this.dropIdle();
    this.#agents = {
      identity,
      requests: make({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
      // A connection of its own for each: the TLS session is resumed, and none can be half dead.
      streams: make({ keepAlive: false }),
    };
    return this.#agents;
  }

  async #pem(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
    if (file) return this.#file(file);
    return data ? Buffer.from(data, 'base64') : undefined;
  }

  async #text(file: string): Promise<string> {
    return (await this.#file(file)).toString('utf8').trim();
  }

  async #file(file: string): Promise<Buffer> {
    const known = this.#files.get(file);
    if (known && performance.now() - known.readAt < FILE_SECONDS * 1000) return known.content;
    const content = await fs.readFile(file);
    this.#files.set(file, { content, readAt: performance.now() });
    return content;
  }
}

export function dropIdle(agent: http.Agent | undefined): void {
  for (const socket of Object.values(agent?.freeSockets ?? {}).flat()) socket?.destroy();
}

function words(part: unknown): unknown {
  return Buffer.isBuffer(part) ? part.toString('latin1') : part;
}
