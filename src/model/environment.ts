/**
 * The variables that processes of Podline read from their environment as settings, and what they mean. runtime/config.ts
 * reads exactly these (test/laws/environment.test.ts), components write no others, docs/processes.md lists them. Not
 * settings, and not here: connections (PODLINE_CONN_*) and the protocol between an executor and its tasks.
 */
export interface Setting {
  says: string;
  /** In words; absent when it must be given, or when there is none. */
  otherwise?: string;
}

export const ENVIRONMENT = {
  PODLINE_DATABASE_URL: {
    says: 'connection string of the owner of the database',
    otherwise: '`DATABASE_URL`, else an embedded PostgreSQL',
  },
  PODLINE_WORKER_DATABASE_URL: {
    says: 'connection string of the role of workers, as tasks reach the database',
    otherwise: 'follows from the owner’s',
  },
  PODLINE_POOL_DATABASE_URL: {
    says: 'connection string of the role of pools, for warm workers',
    otherwise: 'follows from the owner’s',
  },
  PODLINE_HOME: {
    says: 'folder for caches, `connections.json` and an embedded database',
    otherwise: '`.podline`',
  },
  PODLINE_SLOTS: {
    says: 'tasks that a scheduler or warm worker runs at a time; 0: none',
    otherwise: 'four for each core, at least 8',
  },
  PODLINE_DRAIN_SECONDS: {
    says: 'seconds that tasks get when their process is asked to stop',
    otherwise: '10',
  },
  PODLINE_LOG_LEVEL: {
    says: '`silent`, `error`, `warn`, `info` or `debug`',
    otherwise: '`info`',
  },
  PODLINE_HEALTH_PORT: {
    says: 'port of `/healthz`, `/readyz` and `/metrics` of a scheduler or warm worker',
    otherwise: 'none is opened',
  },
  PODLINE_HEALTH_FILE: {
    says: 'file that a warm worker keeps while it takes work, for probes that run a command',
  },
  PODLINE_SERVER: {
    says: 'address of the webserver that the [command line](cli.md#through-a-webserver) works through',
    otherwise: 'it works on the database',
  },
  PODLINE_API_TOKEN: { says: 'API token for that webserver; its role must allow what is done' },
  PODLINE_PORT: { says: 'port of the webserver', otherwise: '8080' },
  PODLINE_REQUESTS_PER_MINUTE: {
    says: 'requests a minute of one user or token; a tenth for an address that is not signed in; 0: no limit',
    otherwise: '12000',
  },
  PODLINE_PUBLIC_URL: {
    says: 'address at which browsers reach the webserver, such as `https://podline.example.org`',
    otherwise: 'what they say; [signing in](signing-in.md) works on `http://localhost` alone',
  },
  PODLINE_TRUSTED_PROXY: {
    says: 'addresses and networks, with commas between them, whose `X-Forwarded-*` headers the webserver believes',
    otherwise: 'nobody’s',
  },
  PODLINE_OIDC_ISSUER: {
    says: 'identity provider (OpenID Connect) to [sign in](signing-in.md) with',
    otherwise: 'none: people have passwords',
  },
  PODLINE_OIDC_CLIENT_ID: { says: 'what the provider knows the webserver by' },
  PODLINE_OIDC_CLIENT_SECRET_FILE: {
    says: 'file with the secret of that client',
    otherwise: 'none: a public client',
  },
  PODLINE_OIDC_NAME: { says: 'name of the provider on the button', otherwise: 'its host' },
  PODLINE_OIDC_SCOPES: {
    says: 'scopes to ask the provider for, with spaces between them',
    otherwise: '`openid profile email`',
  },
  PODLINE_OIDC_GROUPS_CLAIM: { says: 'claim that has the groups of a user', otherwise: '`groups`' },
  PODLINE_OIDC_ROLES: {
    says: 'roles that groups bring, as JSON: `{"data": "editor", "bi": ["viewer", "operator:tag=bi"]}`',
    otherwise: 'none',
  },
  PODLINE_TRACE_URL: {
    says: 'where people look at [traces](traces.md), such as `https://jaeger.example.org/trace/{traceId}`: then runs have a link',
    otherwise: 'no link',
  },
  PODLINE_DEFAULT_EXECUTOR: {
    says: 'executor of tasks that name none: `local`, `kubernetes` or `pool:NAME`',
    otherwise: 'as it was in this database, at first `local`',
  },
  PODLINE_CLUSTERS: { says: 'file with the [clusters](clusters.md) that pods may be put in' },
  PODLINE_KUBECONFIG: { says: 'instead of such a file, for one cluster: its kubeconfig' },
  PODLINE_KUBE_CONTEXT: {
    says: 'context in that kubeconfig',
    otherwise: 'the current one',
  },
  PODLINE_NAMESPACE: { says: 'namespaces of tasks in that cluster, with commas between them' },
  PODLINE_IMAGE: { says: 'image of tasks that name none in that cluster' },
} as const satisfies Record<`PODLINE_${string}`, Setting>;

export type EnvironmentName = keyof typeof ENVIRONMENT;

export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENT) as EnvironmentName[];

/**
 * For schedulers that run no tasks themselves, whose children would inherit it. With 10,000 followed pods 213 MB resident
 * instead of 396 MB: the limit of the heap, six times what such a scheduler has in use, is what keeps V8 from letting
 * garbage pile up to four times of that. Set by the component Scheduler and by the benchmark on a cluster.
 */
export const LEAN_MEMORY = {
  MALLOC_ARENA_MAX: '2',
  NODE_OPTIONS: '--max-semi-space-size=8 --max-old-space-size=384',
} as const;
