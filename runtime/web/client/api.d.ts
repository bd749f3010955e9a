/* The types of the REST API. Made by `npm run generate` from its OpenAPI document; not written by hand. */
export interface paths {
  '/api/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who did what, newest first */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Set a password by a link, and sign in */
    post: operations['useLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/link/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Whose password a link sets */
    post: operations['readLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sign in with a password; the answer sets the cookie of the session */
    post: operations['signIn'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Sign out here, or on all devices */
    post: operations['signOut'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/methods': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How one can sign in */
    get: operations['getSignInMethods'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/oidc': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Go to the identity provider */
    get: operations['signInByProvider'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/oidc/callback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where the identity provider sends the browser back to */
    get: operations['signedInByProvider'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Change the own password; all other sessions end */
    post: operations['changePassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/backfills': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Backfills, newest first */
    get: operations['listBackfills'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/build-errors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** DAG files that do not build */
    get: operations['listBuildErrors'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/connections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Names of connections and where they come from */
    get: operations['listConnections'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** DAGs, by id */
    get: operations['listDags'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One DAG */
    get: operations['getDag'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Pause a DAG, or let it go on */
    patch: operations['changeDag'];
    trace?: never;
  };
  '/api/v1/dags/{dagId}/backfills': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Run a DAG for every tick of a range, or say what that would do */
    post: operations['createBackfill'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/backfills/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One backfill, and how far it is */
    get: operations['getBackfill'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/calendar': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Runs of a year, by day */
    get: operations['getCalendar'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/durations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How long the last runs and their tasks took */
    get: operations['getDurations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/graph': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tasks, edges and groups of a version */
    get: operations['getGraph'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/grid': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Runs and the states of their tasks, in short */
    get: operations['getGrid'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/grid/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Some runs of a grid as they are now, for who shows it already */
    get: operations['getGridRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Start a run */
    post: operations['triggerRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One run */
    get: operations['getRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/assets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Assets that the tasks of a run name, by name; which of them it wrote, and when */
    get: operations['listAssets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stop a run and its tasks */
    post: operations['cancelRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/clear': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Run tasks again, or say which ones that would be */
    post: operations['clearRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/graph': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tasks, edges and groups of the version that a run is on */
    get: operations['getRunGraph'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/mark': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Set the state of a run or of tasks by hand */
    post: operations['markRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/states': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** States of all tasks of a run, in short */
    get: operations['getTaskStates'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Task instances of a run, in the order of the plan */
    get: operations['listTasks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One task instance: attempts, causes in words, pod, outputs */
    get: operations['getTaskInstance'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Another priority or pool for a task that waits; in another pool it waits for its turn */
    patch: operations['changeTask'];
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/attempts/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What an attempt was given: rendered templates and pod; and the events of its pod */
    get: operations['getAttempt'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/attempts/{number}/log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A page of the log of an attempt, by byte offset */
    get: operations['getLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/attempts/{number}/log/download': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The log of an attempt as a file */
    get: operations['downloadLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/attempts/{number}/log/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The log of an attempt as it is written */
    get: operations['followLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/xcom/download': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One output of a task instance, whole, as a file */
    get: operations['downloadXCom'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Versions of a DAG, newest first */
    get: operations['listVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/versions/{from}/diff/{to}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What is different between two versions */
    get: operations['diffVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One version: plan, tasks, names of its files */
    get: operations['getVersion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dags/{dagId}/versions/{version}/file': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One file of a version */
    get: operations['getVersionFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deploy': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take a build: its DAGs become those of the name; those that it lacks are set aside */
    post: operations['deploy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What changed, as it changes */
    get: operations['followChanges'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the installation works */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is signed in */
    get: operations['getMe'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How the installation is */
    get: operations['getOverview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/pools': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Pools and how full they are */
    get: operations['listPools'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/pools/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Make a pool, or change its slots */
    put: operations['setPool'];
    post?: never;
    /** Delete a pool that nothing uses */
    delete: operations['deletePool'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Runs, newest first */
    get: operations['listRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** API tokens, never their secrets */
    get: operations['listTokens'];
    put?: never;
    /** Make an API token of who asks; it is shown this once */
    post: operations['createToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/tokens/{tokenId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revoke a token: at once */
    delete: operations['revokeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Users, in the order they came */
    get: operations['listUsers'];
    put?: never;
    /** Add a user; the answer has the link for the first password */
    post: operations['addUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/users/{userId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Delete a user with their sessions and tokens; audit rows stay */
    delete: operations['deleteUser'];
    options?: never;
    head?: never;
    /** Disable or enable a user, or give other roles */
    patch: operations['changeUser'];
    trace?: never;
  };
  '/api/v1/users/{userId}/link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make a link for a new password; earlier ones are void */
    post: operations['linkUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/variables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Variables, by key */
    get: operations['listVariables'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/variables/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Set a variable */
    put: operations['setVariable'];
    post?: never;
    /** Delete a variable */
    delete: operations['deleteVariable'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/workers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Schedulers, workers and clusters, and how they are */
    get: operations['listWorkers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AssetList: {
      assets: {
        name: string;
        readBy: components['schemas']['AssetUse'][];
        writtenBy: components['schemas']['AssetUse'][];
      }[];
    };
    AssetListInput: {
      assets: {
        name: string;
        readBy: components['schemas']['AssetUseInput'][];
        writtenBy: components['schemas']['AssetUseInput'][];
      }[];
    };
    AssetUse: {
      /** @description When the task succeeded. */
      at: string | null;
      isMapped: boolean;
      /**
       * @description Of its instances, the one that matters most.
       * @enum {string}
       */
      state:
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed';
      taskId: string;
    };
    AssetUseInput: {
      /** @description When the task succeeded. */
      at: string | null;
      isMapped: boolean;
      /**
       * @description Of its instances, the one that matters most.
       * @enum {string}
       */
      state:
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed';
      taskId: string;
    };
    Attempt: {
      cause: string | null;
      causeWords: string | null;
      endedAt: string | null;
      executor: string;
      exitCode: number | null;
      /** @description All that the executor noted. */
      facts: unknown;
      host: string | null;
      /** @description The cause spends no try of the task. */
      isInfrastructure: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      launchedAt: string;
      logBytes: number;
      /** @description `task`, and containers beside it. */
      logSources: string[];
      /** @description Of a sensor: how often it looked. */
      looks: number;
      message: string | null;
      number: number;
      pod: components['schemas']['Pod'] | null;
      startedAt: string | null;
      state: string;
      worker: string | null;
    };
    AttemptBar: {
      endedAt: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      launchedAt: string;
      number: number;
      /** @description When its code began. */
      startedAt: string | null;
      state: string;
    };
    AttemptBarInput: {
      endedAt: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      launchedAt: string;
      number: number;
      /** @description When its code began. */
      startedAt: string | null;
      state: string;
    };
    AttemptDetail: {
      /** @description Oldest first. They are kept of pods that waited long, failed or vanished. */
      events: components['schemas']['PodEvent'][];
      /** @description Manifest that was sent to the cluster. Null: it ran in no pod. */
      pod: unknown;
      /** @description Config and environment with templates rendered, secrets hidden, long texts cut. Null: there was no template. */
      rendered: unknown;
    };
    AttemptDetailInput: {
      /** @description Oldest first. They are kept of pods that waited long, failed or vanished. */
      events: components['schemas']['PodEventInput'][];
      /** @description Manifest that was sent to the cluster. Null: it ran in no pod. */
      pod: unknown;
      /** @description Config and environment with templates rendered, secrets hidden, long texts cut. Null: there was no template. */
      rendered: unknown;
    };
    AttemptInput: {
      cause: string | null;
      causeWords: string | null;
      endedAt: string | null;
      executor: string;
      exitCode: number | null;
      /** @description All that the executor noted. */
      facts: unknown;
      host: string | null;
      /** @description The cause spends no try of the task. */
      isInfrastructure: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      launchedAt: string;
      logBytes: number;
      /** @description `task`, and containers beside it. */
      logSources: string[];
      /** @description Of a sensor: how often it looked. */
      looks: number;
      message: string | null;
      number: number;
      pod: components['schemas']['PodInput'] | null;
      startedAt: string | null;
      state: string;
      worker: string | null;
    };
    AuditEntry: {
      action: string;
      actor: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      at: string;
      details: unknown;
      id: number;
      subject: string;
    };
    AuditEntryInput: {
      action: string;
      actor: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      at: string;
      details: unknown;
      id: number;
      subject: string;
    };
    AuditPage: {
      items: components['schemas']['AuditEntry'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    AuditPageInput: {
      items: components['schemas']['AuditEntryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    BackfillAnswer: {
      counts: {
        create: number;
        rerun: number;
        skip: number;
      };
      /** @description Null: nothing was done. */
      id: number | null;
      /** @description The first 1,000. */
      steps: {
        /** @enum {string} */
        action: 'create' | 'rerun' | 'skip';
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        logicalDate: string;
        runId: string | null;
      }[];
    };
    BackfillAnswerInput: {
      counts: {
        create: number;
        rerun: number;
        skip: number;
      };
      /** @description Null: nothing was done. */
      id: number | null;
      /** @description The first 1,000. */
      steps: {
        /** @enum {string} */
        action: 'create' | 'rerun' | 'skip';
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        logicalDate: string;
        runId: string | null;
      }[];
    };
    BackfillPage: {
      items: components['schemas']['BackfillSummary'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    BackfillPageInput: {
      items: components['schemas']['BackfillSummaryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    BackfillSummary: {
      counts: {
        [key: string]: number;
      };
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      dagId: string;
      endedAt: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      from: string;
      id: number;
      maxActiveRuns: number;
      params: unknown;
      /** @enum {string} */
      reprocess: 'none' | 'failed' | 'all';
      reverse: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      to: string;
    };
    BackfillSummaryInput: {
      counts: {
        [key: string]: number;
      };
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      dagId: string;
      endedAt: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      from: string;
      id: number;
      maxActiveRuns: number;
      params: unknown;
      /** @enum {string} */
      reprocess: 'none' | 'failed' | 'all';
      reverse: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      to: string;
    };
    BuildErrorList: {
      items: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        at: string;
        /** @description Those whose last good version goes on. */
        dags: string[];
        errors: components['schemas']['BuildTrouble'][];
        source: string;
      }[];
    };
    BuildErrorListInput: {
      items: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        at: string;
        /** @description Those whose last good version goes on. */
        dags: string[];
        errors: components['schemas']['BuildTroubleInput'][];
        source: string;
      }[];
    };
    BuildTrouble: {
      code: string | null;
      column: number | null;
      file: string;
      line: number | null;
      problem: string;
      remedy: string | null;
    };
    BuildTroubleInput: {
      code: string | null;
      column: number | null;
      file: string;
      line: number | null;
      problem: string;
      remedy: string | null;
    };
    Calendar: {
      days: {
        /** @description 2026-01-31 */
        day: string;
        failed: number;
        queued: number;
        running: number;
        success: number;
      }[];
      /** @description Days are those of the DAG. */
      timezone: string;
      year: number;
    };
    CalendarInput: {
      days: {
        /** @description 2026-01-31 */
        day: string;
        failed: number;
        queued: number;
        running: number;
        success: number;
      }[];
      /** @description Days are those of the DAG. */
      timezone: string;
      year: number;
    };
    Change: {
      buildErrors: boolean;
      /** @description Paused, registered anew, another next run. */
      dags: string[];
      pools: boolean;
      /** @description The run or something in it is different. */
      runs: {
        dagId: string;
        runId: string;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
      }[];
      workers: boolean;
    };
    ChangeInput: {
      buildErrors: boolean;
      /** @description Paused, registered anew, another next run. */
      dags: string[];
      pools: boolean;
      /** @description The run or something in it is different. */
      runs: {
        dagId: string;
        runId: string;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
      }[];
      workers: boolean;
    };
    ConnectionList: {
      items: components['schemas']['ConnectionSummary'][];
    };
    ConnectionListInput: {
      items: components['schemas']['ConnectionSummaryInput'][];
    };
    ConnectionSummary: {
      dagCount: number;
      /** @description DAGs with tasks that declare it: the first 20. */
      dags: string[];
      /**
       * @description Where this process sees it; `tasks`: only tasks that declare it do.
       * @enum {string}
       */
      from: 'environment' | 'file' | 'tasks';
      id: string;
    };
    ConnectionSummaryInput: {
      dagCount: number;
      /** @description DAGs with tasks that declare it: the first 20. */
      dags: string[];
      /**
       * @description Where this process sees it; `tasks`: only tasks that declare it do.
       * @enum {string}
       */
      from: 'environment' | 'file' | 'tasks';
      id: string;
    };
    Dag: {
      /** @description False: no bundle has it any more. */
      active: boolean;
      activeRuns: number;
      activeTasks: number;
      buildErrors: components['schemas']['BuildTrouble'][];
      /** @description Code of this version; null: it has none. */
      bundleId: string | null;
      catchup: boolean;
      dagId: string;
      description: string | null;
      endDate: string | null;
      failFast: boolean;
      hash: string;
      /** @description Its file does not build; the last good version goes on. */
      isBroken: boolean;
      lastRuns: components['schemas']['RunBar'][];
      managedBy: string;
      maxActiveRuns: number;
      maxActiveTasks: number;
      nextLogicalDate: string | null;
      nextRunAt: string | null;
      /**
       * Format: date-time
       * @description Clock of the database when this was so.
       */
      now: string;
      owner: string | null;
      /** @description JSON Schema (draft 2020-12) of the params of a run. */
      params: unknown;
      paused: boolean;
      /** @description Seconds. */
      runTimeout: number | null;
      /** @description In words, such as `0 6 * * *`; null: by hand only. */
      schedule: string | null;
      scheduleError: string | null;
      /** @description As it is in the plan. */
      scheduleSpec: unknown;
      /** @description Its file. */
      source: string | null;
      startDate: string | null;
      tags: string[];
      /** @description Number of its tasks. */
      tasks: number;
      timezone: string;
      /** @description Its file does not build, or its schedule is broken. */
      trouble: string | null;
      /** @description The version that new runs start on. */
      version: number;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      versionCreatedAt: string;
    };
    DagInput: {
      /** @description False: no bundle has it any more. */
      active: boolean;
      activeRuns: number;
      activeTasks: number;
      buildErrors: components['schemas']['BuildTroubleInput'][];
      /** @description Code of this version; null: it has none. */
      bundleId: string | null;
      catchup: boolean;
      dagId: string;
      description: string | null;
      endDate: string | null;
      failFast: boolean;
      hash: string;
      /** @description Its file does not build; the last good version goes on. */
      isBroken: boolean;
      lastRuns: components['schemas']['RunBarInput'][];
      managedBy: string;
      maxActiveRuns: number;
      maxActiveTasks: number;
      nextLogicalDate: string | null;
      nextRunAt: string | null;
      /**
       * Format: date-time
       * @description Clock of the database when this was so.
       */
      now: string;
      owner: string | null;
      /** @description JSON Schema (draft 2020-12) of the params of a run. */
      params: unknown;
      paused: boolean;
      /** @description Seconds. */
      runTimeout: number | null;
      /** @description In words, such as `0 6 * * *`; null: by hand only. */
      schedule: string | null;
      scheduleError: string | null;
      /** @description As it is in the plan. */
      scheduleSpec: unknown;
      /** @description Its file. */
      source: string | null;
      startDate: string | null;
      tags: string[];
      /** @description Number of its tasks. */
      tasks: number;
      timezone: string;
      /** @description Its file does not build, or its schedule is broken. */
      trouble: string | null;
      /** @description The version that new runs start on. */
      version: number;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      versionCreatedAt: string;
    };
    DagPage: {
      items: components['schemas']['DagSummary'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    DagPageInput: {
      items: components['schemas']['DagSummaryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    DagSummary: {
      /** @description False: no bundle has it any more. */
      active: boolean;
      activeRuns: number;
      activeTasks: number;
      dagId: string;
      description: string | null;
      /** @description Its file does not build; the last good version goes on. */
      isBroken: boolean;
      lastRuns: components['schemas']['RunBar'][];
      managedBy: string;
      nextLogicalDate: string | null;
      nextRunAt: string | null;
      owner: string | null;
      paused: boolean;
      /** @description In words, such as `0 6 * * *`; null: by hand only. */
      schedule: string | null;
      scheduleError: string | null;
      /** @description As it is in the plan. */
      scheduleSpec: unknown;
      /** @description Its file. */
      source: string | null;
      tags: string[];
      timezone: string;
      /** @description Its file does not build, or its schedule is broken. */
      trouble: string | null;
    };
    DagSummaryInput: {
      /** @description False: no bundle has it any more. */
      active: boolean;
      activeRuns: number;
      activeTasks: number;
      dagId: string;
      description: string | null;
      /** @description Its file does not build; the last good version goes on. */
      isBroken: boolean;
      lastRuns: components['schemas']['RunBarInput'][];
      managedBy: string;
      nextLogicalDate: string | null;
      nextRunAt: string | null;
      owner: string | null;
      paused: boolean;
      /** @description In words, such as `0 6 * * *`; null: by hand only. */
      schedule: string | null;
      scheduleError: string | null;
      /** @description As it is in the plan. */
      scheduleSpec: unknown;
      /** @description Its file. */
      source: string | null;
      tags: string[];
      timezone: string;
      /** @description Its file does not build, or its schedule is broken. */
      trouble: string | null;
    };
    Deployed: {
      dags: {
        /** @enum {string} */
        change: 'new' | 'changed' | 'unchanged' | 'removed';
        /** @description What is different, in words. */
        changes: string[];
        dagId: string;
        /** @description That new runs start on; null: not known before it is done, or removed. */
        version: number | null;
      }[];
      dryRun: boolean;
      managedBy: string;
    };
    DeployedInput: {
      dags: {
        /** @enum {string} */
        change: 'new' | 'changed' | 'unchanged' | 'removed';
        /** @description What is different, in words. */
        changes: string[];
        dagId: string;
        /** @description That new runs start on; null: not known before it is done, or removed. */
        version: number | null;
      }[];
      dryRun: boolean;
      managedBy: string;
    };
    Diff: {
      /** @description In words. */
      changes: string[];
      files: {
        /** @enum {string} */
        kind: 'added' | 'removed' | 'changed';
        /**
         * @description What people wrote, a script of a task, or the bundle that workers get.
         * @enum {string}
         */
        origin: 'source' | 'script' | 'bundle';
        path: string;
      }[];
      from: number;
      plan: {
        after: unknown;
        before: unknown;
      };
      tasks: {
        after: unknown;
        before: unknown;
        /** @enum {string} */
        kind: 'added' | 'removed' | 'changed';
        taskId: string;
      }[];
      to: number;
    };
    DiffInput: {
      /** @description In words. */
      changes: string[];
      files: {
        /** @enum {string} */
        kind: 'added' | 'removed' | 'changed';
        /**
         * @description What people wrote, a script of a task, or the bundle that workers get.
         * @enum {string}
         */
        origin: 'source' | 'script' | 'bundle';
        path: string;
      }[];
      from: number;
      plan: {
        after: unknown;
        before: unknown;
      };
      tasks: {
        after: unknown;
        before: unknown;
        /** @enum {string} */
        kind: 'added' | 'removed' | 'changed';
        taskId: string;
      }[];
      to: number;
    };
    Durations: {
      /** @description Ended ones, oldest first. */
      runs: {
        runId: string;
        startedAt: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
        /** @description Seconds; of a mapped task, the longest instance. */
        took: number | null;
        /** @description Seconds until it began. */
        waited: number | null;
      }[];
      /** @description Seconds of each task over these runs, slowest first; empty with `taskId`. */
      tasks: {
        median: number;
        most: number;
        runs: number;
        taskId: string;
      }[];
    };
    DurationsInput: {
      /** @description Ended ones, oldest first. */
      runs: {
        runId: string;
        startedAt: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
        /** @description Seconds; of a mapped task, the longest instance. */
        took: number | null;
        /** @description Seconds until it began. */
        waited: number | null;
      }[];
      /** @description Seconds of each task over these runs, slowest first; empty with `taskId`. */
      tasks: {
        median: number;
        most: number;
        runs: number;
        taskId: string;
      }[];
    };
    /** @description A role over all DAGs, over one, or over those with a tag. */
    Grant: {
      /** @description For this DAG only. */
      dag?: string;
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'deployer' | 'editor' | 'admin';
      /** @description For DAGs with this tag only. */
      tag?: string;
    };
    /** @description A role over all DAGs, over one, or over those with a tag. */
    GrantInput: {
      /** @description For this DAG only. */
      dag?: string;
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'deployer' | 'editor' | 'admin';
      /** @description For DAGs with this tag only. */
      tag?: string;
    };
    Graph: {
      /** @description From and to, as places in `nodes`. */
      edges: [number, number][];
      groups: {
        id: string;
        label: string | null;
        parent: string | null;
      }[];
      nodes: {
        description: string | null;
        group: string | null;
        isBranch: boolean;
        isMapped: boolean;
        isSensor: boolean;
        isSetup: boolean;
        isTeardown: boolean;
        operator: string;
        taskId: string;
        triggerRule: string;
      }[];
      version: number;
    };
    GraphInput: {
      /** @description From and to, as places in `nodes`. */
      edges: [number, number][];
      groups: {
        id: string;
        label: string | null;
        parent: string | null;
      }[];
      nodes: {
        description: string | null;
        group: string | null;
        isBranch: boolean;
        isMapped: boolean;
        isSensor: boolean;
        isSetup: boolean;
        isTeardown: boolean;
        operator: string;
        taskId: string;
        triggerRule: string;
      }[];
      version: number;
    };
    Grid: {
      next: string | null;
      /** @description Names `tasks` in this order: `/grid/runs` then tells of single runs without them. Null: too many versions. */
      order: string | null;
      /** @description Newest first. */
      runs: {
        /** @description One character for each of `tasks`. */
        cells: string;
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        createdAt: string;
        endedAt: string | null;
        /** @description Its number: newer runs have higher ones. */
        id: number;
        kind: string;
        logicalDate: string | null;
        /** @description Of tasks with several instances, by place in `tasks`. */
        mapped: {
          [key: string]: components['schemas']['StateCounts'];
        };
        runId: string;
        startedAt: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
        version: number;
      }[];
      /** @description A character of `cells` is a place in this list, in base 36; `-`: no instance. */
      states: (
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed'
      )[];
      tasks: {
        group: string | null;
        /** @description Of older versions alone. */
        isGone: boolean;
        isMapped: boolean;
        operator: string;
        taskId: string;
      }[];
    };
    GridInput: {
      next: string | null;
      /** @description Names `tasks` in this order: `/grid/runs` then tells of single runs without them. Null: too many versions. */
      order: string | null;
      /** @description Newest first. */
      runs: {
        /** @description One character for each of `tasks`. */
        cells: string;
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        createdAt: string;
        endedAt: string | null;
        /** @description Its number: newer runs have higher ones. */
        id: number;
        kind: string;
        logicalDate: string | null;
        /** @description Of tasks with several instances, by place in `tasks`. */
        mapped: {
          [key: string]: components['schemas']['StateCountsInput'];
        };
        runId: string;
        startedAt: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
        version: number;
      }[];
      /** @description A character of `cells` is a place in this list, in base 36; `-`: no instance. */
      states: (
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed'
      )[];
      tasks: {
        group: string | null;
        /** @description Of older versions alone. */
        isGone: boolean;
        isMapped: boolean;
        operator: string;
        taskId: string;
      }[];
    };
    GridRuns: {
      /** @description Names `tasks` in this order: `/grid/runs` then tells of single runs without them. Null: too many versions. */
      order: string | null;
      /** @description Newest first. */
      runs: {
        /** @description One character for each of `tasks`. */
        cells: string;
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        createdAt: string;
        endedAt: string | null;
        /** @description Its number: newer runs have higher ones. */
        id: number;
        kind: string;
        logicalDate: string | null;
        /** @description Of tasks with several instances, by place in `tasks`. */
        mapped: {
          [key: string]: components['schemas']['StateCounts'];
        };
        runId: string;
        startedAt: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
        version: number;
      }[];
      /** @description A character of `cells` is a place in this list, in base 36; `-`: no instance. */
      states: (
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed'
      )[];
      /** @description Null: those of the grid that `order` names. Else its cells are no longer in order. */
      tasks:
        | {
            group: string | null;
            /** @description Of older versions alone. */
            isGone: boolean;
            isMapped: boolean;
            operator: string;
            taskId: string;
          }[]
        | null;
    };
    GridRunsInput: {
      /** @description Names `tasks` in this order: `/grid/runs` then tells of single runs without them. Null: too many versions. */
      order: string | null;
      /** @description Newest first. */
      runs: {
        /** @description One character for each of `tasks`. */
        cells: string;
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        createdAt: string;
        endedAt: string | null;
        /** @description Its number: newer runs have higher ones. */
        id: number;
        kind: string;
        logicalDate: string | null;
        /** @description Of tasks with several instances, by place in `tasks`. */
        mapped: {
          [key: string]: components['schemas']['StateCountsInput'];
        };
        runId: string;
        startedAt: string | null;
        /** @enum {string} */
        state: 'queued' | 'running' | 'success' | 'failed';
        version: number;
      }[];
      /** @description A character of `cells` is a place in this list, in base 36; `-`: no instance. */
      states: (
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed'
      )[];
      /** @description Null: those of the grid that `order` names. Else its cells are no longer in order. */
      tasks:
        | {
            group: string | null;
            /** @description Of older versions alone. */
            isGone: boolean;
            isMapped: boolean;
            operator: string;
            taskId: string;
          }[]
        | null;
    };
    Health: {
      database: {
        reason?: string;
        schema?: string;
        /** @enum {string} */
        status: 'healthy' | 'unhealthy';
      };
      /** @description Who can start attempts: `local`, `kubernetes`, `pool:NAME`. */
      executors?: {
        name: string;
        slots: number;
        workers: number;
      }[];
      schedulers?: {
        alive: number;
        /** @description ISO 8601; null when none is alive. */
        latestHeartbeat: string | null;
        /** @enum {string} */
        status: 'healthy' | 'unhealthy';
        versions: string[];
      };
      /**
       * @description `unhealthy` when nothing would be scheduled.
       * @enum {string}
       */
      status: 'healthy' | 'unhealthy';
      /** @description DAG files that do not build, and DAGs whose schedule cannot be computed. */
      troubles?: {
        buildErrors: number;
        scheduleErrors: number;
      };
      /** @description Of this webserver. */
      version: string;
    };
    HealthInput: {
      database: {
        reason?: string;
        schema?: string;
        /** @enum {string} */
        status: 'healthy' | 'unhealthy';
      };
      /** @description Who can start attempts: `local`, `kubernetes`, `pool:NAME`. */
      executors?: {
        name: string;
        slots: number;
        workers: number;
      }[];
      schedulers?: {
        alive: number;
        /** @description ISO 8601; null when none is alive. */
        latestHeartbeat: string | null;
        /** @enum {string} */
        status: 'healthy' | 'unhealthy';
        versions: string[];
      };
      /**
       * @description `unhealthy` when nothing would be scheduled.
       * @enum {string}
       */
      status: 'healthy' | 'unhealthy';
      /** @description DAG files that do not build, and DAGs whose schedule cannot be computed. */
      troubles?: {
        buildErrors: number;
        scheduleErrors: number;
      };
      /** @description Of this webserver. */
      version: string;
    };
    LinkFacts: {
      /** @description Null: the first administrator says it. */
      name: string | null;
    };
    LinkFactsInput: {
      /** @description Null: the first administrator says it. */
      name: string | null;
    };
    LogPage: {
      /** @description Byte at which `text` begins. */
      from: number;
      /** @description The attempt is over: nothing follows behind `size`. */
      isComplete: boolean;
      /** @description Bytes that there are by now. */
      size: number;
      source: string;
      sources: string[];
      /** @description Whole lines, unless one is longer than a page. With ANSI colours. */
      text: string;
      /** @description Byte behind `text`: `after` of the next page. */
      to: number;
    };
    LogPageInput: {
      /** @description Byte at which `text` begins. */
      from: number;
      /** @description The attempt is over: nothing follows behind `size`. */
      isComplete: boolean;
      /** @description Bytes that there are by now. */
      size: number;
      source: string;
      sources: string[];
      /** @description Whole lines, unless one is longer than a page. With ANSI colours. */
      text: string;
      /** @description Byte behind `text`: `after` of the next page. */
      to: number;
    };
    MadeToken: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      expiresAt: string;
      /** @description Shown this once. */
      token: string;
      tokenId: number;
    };
    MadeTokenInput: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      expiresAt: string;
      /** @description Shown this once. */
      token: string;
      tokenId: number;
    };
    Me: {
      grants: components['schemas']['Grant'][];
      /** @description False: an identity provider keeps it, or there is none. */
      hasPassword: boolean;
      /**
       * @description `local`: whoever sits at `podline dev`.
       * @enum {string}
       */
      kind: 'user' | 'token' | 'local';
      name: string;
      userId: number | null;
    };
    MeInput: {
      grants: components['schemas']['GrantInput'][];
      /** @description False: an identity provider keeps it, or there is none. */
      hasPassword: boolean;
      /**
       * @description `local`: whoever sits at `podline dev`.
       * @enum {string}
       */
      kind: 'user' | 'token' | 'local';
      name: string;
      userId: number | null;
    };
    Overview: {
      /** @description The 20 that have run for longest, then queued ones. */
      active: components['schemas']['RunSummary'][];
      dags: {
        broken: number;
        paused: number;
        total: number;
      };
      executors: {
        active: number;
        name: string;
        queued: number;
        /** @description How long the first has waited. */
        queuedSeconds: number;
        slots: number;
        workers: number;
      }[];
      /** @description The last 20 of the last 24 hours, newest first. */
      failed: components['schemas']['RunSummary'][];
      health: {
        buildErrors: number;
        scheduleErrors: number;
        schedulers: number;
        /** @enum {string} */
        status: 'healthy' | 'unhealthy';
      };
      /** @description Runs that ended in each of the last 24 hours, oldest first. */
      hours: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        at: string;
        failed: number;
        success: number;
      }[];
      pools: {
        name: string;
        slots: number;
        used: number;
      }[];
      /** @description Open ones now, ended ones of the last 24 hours; counting stops at 10,000 each. */
      runs: {
        failed: number;
        queued: number;
        running: number;
        success: number;
      };
      /** @description Of the whole installation; counting stops at 10,000 each. */
      tasks: {
        launching: number;
        queued: number;
        running: number;
        scheduled: number;
      };
    };
    OverviewInput: {
      /** @description The 20 that have run for longest, then queued ones. */
      active: components['schemas']['RunSummaryInput'][];
      dags: {
        broken: number;
        paused: number;
        total: number;
      };
      executors: {
        active: number;
        name: string;
        queued: number;
        /** @description How long the first has waited. */
        queuedSeconds: number;
        slots: number;
        workers: number;
      }[];
      /** @description The last 20 of the last 24 hours, newest first. */
      failed: components['schemas']['RunSummaryInput'][];
      health: {
        buildErrors: number;
        scheduleErrors: number;
        schedulers: number;
        /** @enum {string} */
        status: 'healthy' | 'unhealthy';
      };
      /** @description Runs that ended in each of the last 24 hours, oldest first. */
      hours: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        at: string;
        failed: number;
        success: number;
      }[];
      pools: {
        name: string;
        slots: number;
        used: number;
      }[];
      /** @description Open ones now, ended ones of the last 24 hours; counting stops at 10,000 each. */
      runs: {
        failed: number;
        queued: number;
        running: number;
        success: number;
      };
      /** @description Of the whole installation; counting stops at 10,000 each. */
      tasks: {
        launching: number;
        queued: number;
        running: number;
        scheduled: number;
      };
    };
    Pod: {
      cluster: string;
      image: string | null;
      name: string;
      namespace: string;
      node: string | null;
      uid: string | null;
      /** @description What it waits for, in words. */
      waiting: string | null;
    };
    PodEvent: {
      /** @description When it happened last. */
      at: string;
      count: number;
      /** @description Who tells it, such as kubelet. */
      from: string;
      message: string;
      reason: string;
      /** @enum {string} */
      type: 'Normal' | 'Warning';
    };
    PodEventInput: {
      /** @description When it happened last. */
      at: string;
      count: number;
      /** @description Who tells it, such as kubelet. */
      from: string;
      message: string;
      reason: string;
      /** @enum {string} */
      type: 'Normal' | 'Warning';
    };
    PodInput: {
      cluster: string;
      image: string | null;
      name: string;
      namespace: string;
      node: string | null;
      uid: string | null;
      /** @description What it waits for, in words. */
      waiting: string | null;
    };
    PoolList: {
      items: components['schemas']['PoolSummary'][];
    };
    PoolListInput: {
      items: components['schemas']['PoolSummaryInput'][];
    };
    PoolSummary: {
      description: string | null;
      name: string;
      slots: number;
      used: number;
      /** @description Task instances that wait for a slot; counting stops at 10,000. */
      waiting: number;
    };
    PoolSummaryInput: {
      description: string | null;
      name: string;
      slots: number;
      used: number;
      /** @description Task instances that wait for a slot; counting stops at 10,000. */
      waiting: number;
    };
    Problem: {
      /** @description Stable code of docs/errors.md, such as `not_found.run`. */
      code?: string;
      /** @description What is wrong, in words. */
      detail?: string;
      /** @description What the words were made of, such as ids; for programs. */
      details?: {
        [key: string]: string | number | boolean | null;
      };
      /** @description Each bad part of the request. */
      errors?: {
        message: string;
        path: string;
      }[];
      /** @description What helps. */
      remedy?: string;
      status: number;
      title: string;
      /** @description Address of the documentation of this code, or about:blank. */
      type: string;
    };
    ProblemInput: {
      /** @description Stable code of docs/errors.md, such as `not_found.run`. */
      code?: string;
      /** @description What is wrong, in words. */
      detail?: string;
      /** @description What the words were made of, such as ids; for programs. */
      details?: {
        [key: string]: string | number | boolean | null;
      };
      /** @description Each bad part of the request. */
      errors?: {
        message: string;
        path: string;
      }[];
      /** @description What helps. */
      remedy?: string;
      status: number;
      title: string;
      /** @description Address of the documentation of this code, or about:blank. */
      type: string;
    };
    Run: {
      backfill: number | null;
      cause: string | null;
      /** @description The cause in words. */
      causeWords: string | null;
      counts: components['schemas']['StateCounts'];
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      dagId: string;
      dagPaused: boolean;
      endedAt: string | null;
      /** @description Its number: newer runs have higher ones. */
      id: number;
      intervalEnd: string | null;
      intervalStart: string | null;
      isLatestVersion: boolean;
      /** @enum {string} */
      kind: 'scheduled' | 'manual' | 'backfill';
      logicalDate: string | null;
      note: string | null;
      /**
       * Format: date-time
       * @description Clock of the database when this was so.
       */
      now: string;
      params: unknown;
      /** @description What it waits for or why it failed, in words. */
      reason: string | null;
      runId: string;
      startedAt: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed';
      /** @description Its trace, where schedulers send traces, and where to look at it. */
      trace: {
        id: string;
        url: string | null;
      } | null;
      /** @description The version of the DAG that it is on. */
      version: number;
    };
    /** @description One of the last runs, for a bar: newest first. */
    RunBar: {
      endedAt: string | null;
      kind: string;
      runId: string;
      startedAt: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed';
    };
    /** @description One of the last runs, for a bar: newest first. */
    RunBarInput: {
      endedAt: string | null;
      kind: string;
      runId: string;
      startedAt: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed';
    };
    RunInput: {
      backfill: number | null;
      cause: string | null;
      /** @description The cause in words. */
      causeWords: string | null;
      counts: components['schemas']['StateCountsInput'];
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      dagId: string;
      dagPaused: boolean;
      endedAt: string | null;
      /** @description Its number: newer runs have higher ones. */
      id: number;
      intervalEnd: string | null;
      intervalStart: string | null;
      isLatestVersion: boolean;
      /** @enum {string} */
      kind: 'scheduled' | 'manual' | 'backfill';
      logicalDate: string | null;
      note: string | null;
      /**
       * Format: date-time
       * @description Clock of the database when this was so.
       */
      now: string;
      params: unknown;
      /** @description What it waits for or why it failed, in words. */
      reason: string | null;
      runId: string;
      startedAt: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed';
      /** @description Its trace, where schedulers send traces, and where to look at it. */
      trace: {
        id: string;
        url: string | null;
      } | null;
      /** @description The version of the DAG that it is on. */
      version: number;
    };
    RunPage: {
      items: components['schemas']['RunSummary'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    RunPageInput: {
      items: components['schemas']['RunSummaryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    RunSummary: {
      cause: string | null;
      /** @description The cause in words. */
      causeWords: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      dagId: string;
      endedAt: string | null;
      /** @description Its number: newer runs have higher ones. */
      id: number;
      /** @enum {string} */
      kind: 'scheduled' | 'manual' | 'backfill';
      logicalDate: string | null;
      note: string | null;
      runId: string;
      startedAt: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed';
    };
    RunSummaryInput: {
      cause: string | null;
      /** @description The cause in words. */
      causeWords: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      dagId: string;
      endedAt: string | null;
      /** @description Its number: newer runs have higher ones. */
      id: number;
      /** @enum {string} */
      kind: 'scheduled' | 'manual' | 'backfill';
      logicalDate: string | null;
      note: string | null;
      runId: string;
      startedAt: string | null;
      /** @enum {string} */
      state: 'queued' | 'running' | 'success' | 'failed';
    };
    SignInMethods: {
      passwords: boolean;
      /** @description By GET /auth/oidc. */
      provider: {
        name: string;
      } | null;
    };
    SignInMethodsInput: {
      passwords: boolean;
      /** @description By GET /auth/oidc. */
      provider: {
        name: string;
      } | null;
    };
    /** @description How many task instances are in which state. */
    StateCounts: {
      [key: string]: number;
    };
    /** @description How many task instances are in which state. */
    StateCountsInput: {
      [key: string]: number;
    };
    TaskInstance: {
      attemptCause: string | null;
      /** @description The last 50, newest first. */
      attemptList: components['schemas']['Attempt'][];
      attempts: number;
      cause: string | null;
      dagId: string;
      endedAt: string | null;
      executor: string;
      exitCode: number | null;
      /** @description Of the last attempt, as the next three. */
      host: string | null;
      /** @description Of the last attempt. */
      launchedAt: string | null;
      /** @description -1: not mapped. */
      mapIndex: number;
      maxTries: number;
      message: string | null;
      notBefore: string | null;
      operator: string | null;
      pool: string;
      poolSlots: number;
      priority: number;
      queuedAt: string | null;
      /** @description What it waits for or why it failed, in words. */
      reason: string | null;
      runId: string;
      scheduledAt: string | null;
      startedAt: string | null;
      /** @enum {string} */
      state:
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed';
      /** @description The task in the plan, templates as they were written. */
      task: unknown;
      taskId: string;
      triesUsed: number;
      triggerRule: string | null;
      upstream: string[];
      xcoms: components['schemas']['XCom'][];
    };
    TaskInstanceInput: {
      attemptCause: string | null;
      /** @description The last 50, newest first. */
      attemptList: components['schemas']['AttemptInput'][];
      attempts: number;
      cause: string | null;
      dagId: string;
      endedAt: string | null;
      executor: string;
      exitCode: number | null;
      /** @description Of the last attempt, as the next three. */
      host: string | null;
      /** @description Of the last attempt. */
      launchedAt: string | null;
      /** @description -1: not mapped. */
      mapIndex: number;
      maxTries: number;
      message: string | null;
      notBefore: string | null;
      operator: string | null;
      pool: string;
      poolSlots: number;
      priority: number;
      queuedAt: string | null;
      /** @description What it waits for or why it failed, in words. */
      reason: string | null;
      runId: string;
      scheduledAt: string | null;
      startedAt: string | null;
      /** @enum {string} */
      state:
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed';
      /** @description The task in the plan, templates as they were written. */
      task: unknown;
      taskId: string;
      triesUsed: number;
      triggerRule: string | null;
      upstream: string[];
      xcoms: components['schemas']['XComInput'][];
    };
    TaskPage: {
      items: components['schemas']['TaskSummary'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    TaskPageInput: {
      items: components['schemas']['TaskSummaryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    TaskStates: {
      tasks: {
        /** @description Of a mapped task with several instances. */
        counts: components['schemas']['StateCounts'] | null;
        endedAt: string | null;
        startedAt: string | null;
        /**
         * @description Of its instances, the one that matters most.
         * @enum {string}
         */
        state:
          | 'none'
          | 'scheduled'
          | 'queued'
          | 'launching'
          | 'running'
          | 'success'
          | 'failed'
          | 'skipped'
          | 'upstream_failed'
          | 'up_for_retry'
          | 'up_for_reschedule'
          | 'deferred'
          | 'removed';
        taskId: string;
      }[];
    };
    TaskStatesInput: {
      tasks: {
        /** @description Of a mapped task with several instances. */
        counts: components['schemas']['StateCountsInput'] | null;
        endedAt: string | null;
        startedAt: string | null;
        /**
         * @description Of its instances, the one that matters most.
         * @enum {string}
         */
        state:
          | 'none'
          | 'scheduled'
          | 'queued'
          | 'launching'
          | 'running'
          | 'success'
          | 'failed'
          | 'skipped'
          | 'upstream_failed'
          | 'up_for_retry'
          | 'up_for_reschedule'
          | 'deferred'
          | 'removed';
        taskId: string;
      }[];
    };
    TaskSummary: {
      attemptCause: string | null;
      attempts: number;
      /** @description The last 20 attempts, oldest first. */
      bars: components['schemas']['AttemptBar'][];
      cause: string | null;
      endedAt: string | null;
      executor: string;
      exitCode: number | null;
      /** @description Of the last attempt, as the next three. */
      host: string | null;
      /** @description Of the last attempt. */
      launchedAt: string | null;
      /** @description -1: not mapped. */
      mapIndex: number;
      maxTries: number;
      message: string | null;
      notBefore: string | null;
      operator: string | null;
      pool: string;
      poolSlots: number;
      priority: number;
      queuedAt: string | null;
      /** @description What it waits for or why it failed, in words. */
      reason: string | null;
      scheduledAt: string | null;
      startedAt: string | null;
      /** @enum {string} */
      state:
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed';
      taskId: string;
      triesUsed: number;
    };
    TaskSummaryInput: {
      attemptCause: string | null;
      attempts: number;
      /** @description The last 20 attempts, oldest first. */
      bars: components['schemas']['AttemptBarInput'][];
      cause: string | null;
      endedAt: string | null;
      executor: string;
      exitCode: number | null;
      /** @description Of the last attempt, as the next three. */
      host: string | null;
      /** @description Of the last attempt. */
      launchedAt: string | null;
      /** @description -1: not mapped. */
      mapIndex: number;
      maxTries: number;
      message: string | null;
      notBefore: string | null;
      operator: string | null;
      pool: string;
      poolSlots: number;
      priority: number;
      queuedAt: string | null;
      /** @description What it waits for or why it failed, in words. */
      reason: string | null;
      scheduledAt: string | null;
      startedAt: string | null;
      /** @enum {string} */
      state:
        | 'none'
        | 'scheduled'
        | 'queued'
        | 'launching'
        | 'running'
        | 'success'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'up_for_retry'
        | 'up_for_reschedule'
        | 'deferred'
        | 'removed';
      taskId: string;
      triesUsed: number;
    };
    Token: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      expired: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      expiresAt: string;
      name: string;
      /** @description It may do this as far as its user may. */
      scopes: components['schemas']['Grant'][];
      tokenId: number;
      /** @description To the minute. */
      usedAt: string | null;
      userId: number;
      userName: string;
    };
    TokenInput: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      expired: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      expiresAt: string;
      name: string;
      /** @description It may do this as far as its user may. */
      scopes: components['schemas']['GrantInput'][];
      tokenId: number;
      /** @description To the minute. */
      usedAt: string | null;
      userId: number;
      userName: string;
    };
    TokenPage: {
      items: components['schemas']['Token'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    TokenPageInput: {
      items: components['schemas']['TokenInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    User: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      disabled: boolean;
      /** @description Given here. */
      grants: components['schemas']['Grant'][];
      /** @description What the groups bring. */
      groupGrants: components['schemas']['Grant'][];
      /** @description As the provider said at the last sign-in. */
      groups: string[];
      hasPassword: boolean;
      name: string;
      /** @description Who checks the sign-in; null: a password here. */
      provider: string | null;
      signedInAt: string | null;
      userId: number;
    };
    UserInput: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      disabled: boolean;
      /** @description Given here. */
      grants: components['schemas']['GrantInput'][];
      /** @description What the groups bring. */
      groupGrants: components['schemas']['GrantInput'][];
      /** @description As the provider said at the last sign-in. */
      groups: string[];
      hasPassword: boolean;
      name: string;
      /** @description Who checks the sign-in; null: a password here. */
      provider: string | null;
      signedInAt: string | null;
      userId: number;
    };
    UserLink: {
      /** @description Good for one password, for a day. */
      link: string;
      user: components['schemas']['User'];
    };
    UserLinkInput: {
      /** @description Good for one password, for a day. */
      link: string;
      user: components['schemas']['UserInput'];
    };
    UserPage: {
      items: components['schemas']['User'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    UserPageInput: {
      items: components['schemas']['UserInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    VariablePage: {
      items: components['schemas']['VariableSummary'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    VariablePageInput: {
      items: components['schemas']['VariableSummaryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    VariableSummary: {
      description: string | null;
      key: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      updatedAt: string;
      /** @description Only for who may edit. */
      value?: unknown;
    };
    VariableSummaryInput: {
      description: string | null;
      key: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      updatedAt: string;
      /** @description Only for who may edit. */
      value?: unknown;
    };
    Version: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      /** @description The DAG file first, where it is known. */
      files: {
        bytes: number;
        /**
         * @description What people wrote, a script of a task, or the bundle that workers get.
         * @enum {string}
         */
        origin: 'source' | 'script' | 'bundle';
        path: string;
      }[];
      hash: string;
      isCurrent: boolean;
      /** @description Without its tasks. */
      plan: unknown;
      /** @description Tasks of the plan, in order. */
      taskList: unknown[];
      tasks: number;
      /** @description Each DAG counts its own: 1, 2, 3. */
      version: number;
    };
    VersionFile: {
      bytes: number;
      path: string;
      /** @description Null: no text, or longer than 1 MB. */
      text: string | null;
    };
    VersionFileInput: {
      bytes: number;
      path: string;
      /** @description Null: no text, or longer than 1 MB. */
      text: string | null;
    };
    VersionInput: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      /** @description The DAG file first, where it is known. */
      files: {
        bytes: number;
        /**
         * @description What people wrote, a script of a task, or the bundle that workers get.
         * @enum {string}
         */
        origin: 'source' | 'script' | 'bundle';
        path: string;
      }[];
      hash: string;
      isCurrent: boolean;
      /** @description Without its tasks. */
      plan: unknown;
      /** @description Tasks of the plan, in order. */
      taskList: unknown[];
      tasks: number;
      /** @description Each DAG counts its own: 1, 2, 3. */
      version: number;
    };
    VersionPage: {
      items: components['schemas']['VersionSummary'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    VersionPageInput: {
      items: components['schemas']['VersionSummaryInput'][];
      /** @description Cursor of the next page; null on the last one. */
      next: string | null;
    };
    VersionSummary: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      hash: string;
      isCurrent: boolean;
      tasks: number;
      /** @description Each DAG counts its own: 1, 2, 3. */
      version: number;
    };
    VersionSummaryInput: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      hash: string;
      isCurrent: boolean;
      tasks: number;
      /** @description Each DAG counts its own: 1, 2, 3. */
      version: number;
    };
    WorkerList: {
      /** @description Those in which attempts are at work. */
      clusters: {
        name: string;
        namespaces: string[];
        /** @description At work by now; counting stops at 10,000. */
        pods: number;
        troubles: {
          pods: number;
          reason: string;
        }[];
        /** @description Of these: not yet running. */
        waiting: number;
      }[];
      workers: {
        active: number;
        executors: string[];
        /** @enum {string} */
        health: 'alive' | 'silent' | 'stopped';
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        heartbeatAt: string;
        host: string;
        id: string;
        /** @enum {string} */
        kind: 'scheduler' | 'pool';
        pid: number;
        slots: number;
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        startedAt: string;
        stoppedAt: string | null;
        version: string | null;
      }[];
    };
    WorkerListInput: {
      /** @description Those in which attempts are at work. */
      clusters: {
        name: string;
        namespaces: string[];
        /** @description At work by now; counting stops at 10,000. */
        pods: number;
        troubles: {
          pods: number;
          reason: string;
        }[];
        /** @description Of these: not yet running. */
        waiting: number;
      }[];
      workers: {
        active: number;
        executors: string[];
        /** @enum {string} */
        health: 'alive' | 'silent' | 'stopped';
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        heartbeatAt: string;
        host: string;
        id: string;
        /** @enum {string} */
        kind: 'scheduler' | 'pool';
        pid: number;
        slots: number;
        /**
         * Format: date-time
         * @description ISO 8601, UTC.
         */
        startedAt: string;
        stoppedAt: string | null;
        version: string | null;
      }[];
    };
    XCom: {
      bytes: number;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      isLong: boolean;
      key: string;
      /** @description Null where it is longer than 64 KB: its download has it whole. */
      value: unknown;
    };
    XComInput: {
      bytes: number;
      /**
       * Format: date-time
       * @description ISO 8601, UTC.
       */
      createdAt: string;
      isLong: boolean;
      key: string;
      /** @description Null where it is longer than 64 KB: its download has it whole. */
      value: unknown;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listAudit: {
    parameters: {
      query?: {
        action?: string;
        actor?: string;
        /** @description `next` of the page before. */
        cursor?: string;
        limit?: number;
        /** @description ISO 8601, UTC. */
        since?: string;
        /** @description Only subjects that begin with this. */
        subject?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
    };
  };
  useLink: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name?: string;
          password: string;
          secret: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readLink: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          secret: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LinkFacts'];
        };
      };
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          password: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  signOut: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          everywhere?: boolean;
        } | null;
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getSignInMethods: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInMethods'];
        };
      };
    };
  };
  signInByProvider: {
    parameters: {
      query?: {
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description On to another page. */
      303: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  signedInByProvider: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description On to another page. */
      303: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          current: string;
          password: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listBackfills: {
    parameters: {
      query?: {
        /** @description `next` of the page before. */
        cursor?: string;
        dagId?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BackfillPage'];
        };
      };
    };
  };
  listBuildErrors: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BuildErrorList'];
        };
      };
    };
  };
  listConnections: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConnectionList'];
        };
      };
    };
  };
  listDags: {
    parameters: {
      query?: {
        /** @description Only ids behind this one; for who has no cursor. */
        after?: string;
        /** @description `next` of the page before. */
        cursor?: string;
        /** @description Also those that no bundle has. */
        inactive?: 'true' | 'false';
        limit?: number;
        /** @description Only ids that contain this, in any case. */
        q?: string;
        state?: 'active' | 'paused' | 'failed' | 'running' | 'broken';
        tag?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DagPage'];
        };
      };
    };
  };
  getDag: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Dag'];
        };
      };
    };
  };
  changeDag: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          paused: boolean;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description False: it was so already. */
            changed: boolean;
          };
        };
      };
    };
  };
  createBackfill: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Only says what would be done.
           * @default false
           */
          dryRun?: boolean;
          /** @description ISO 8601: the first logical date. */
          from: string;
          /** @default 4 */
          maxActiveRuns?: number;
          params?: unknown;
          /**
           * @default none
           * @enum {string}
           */
          reprocess?: 'none' | 'failed' | 'all';
          /** @default false */
          reverse?: boolean;
          /** @description The last one, included. */
          to: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BackfillAnswer'];
        };
      };
    };
  };
  getBackfill: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BackfillSummary'];
        };
      };
    };
  };
  getCalendar: {
    parameters: {
      query?: {
        /** @description Default: this year. */
        year?: number;
      };
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Calendar'];
        };
      };
    };
  };
  getDurations: {
    parameters: {
      query?: {
        runs?: number;
        /** @description Of this task in each run; else of the run as a whole. */
        taskId?: string;
      };
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Durations'];
        };
      };
    };
  };
  getGraph: {
    parameters: {
      query?: {
        /** @description Default: the current one. */
        version?: number;
      };
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Graph'];
        };
      };
    };
  };
  getGrid: {
    parameters: {
      query?: {
        /** @description `next` of the answer before: older runs. */
        before?: string;
        runs?: number;
      };
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Grid'];
        };
      };
    };
  };
  getGridRuns: {
    parameters: {
      query: {
        /** @description `order` of the grid that they are put into. */
        order?: string;
        /** @description Which runs; given once for each. */
        runId: string[];
      };
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GridRuns'];
        };
      };
    };
  };
  triggerRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same request answers with the run that was made, for a day. */
        'idempotency-key'?: string;
        /** @description W3C Trace Context: the trace of the run links to the span of who asks. */
        traceparent?: string;
      };
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description ISO 8601 with time; default now. */
          logicalDate?: string;
          note?: string;
          /** @description By the schema of the DAG; missing ones take their defaults. */
          params?: unknown;
          /** @description Default `manual__` and the logical date. */
          runId?: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            dagId: string;
            id: number;
            runId: string;
          };
        };
      };
    };
  };
  getRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
    };
  };
  listAssets: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AssetList'];
        };
      };
    };
  };
  cancelRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            state: 'queued' | 'running' | 'success' | 'failed';
          };
        };
      };
    };
  };
  clearRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          downstream?: boolean;
          /**
           * @description Only says what would run again.
           * @default false
           */
          dryRun?: boolean;
          /**
           * @description On the newest version of the DAG.
           * @default false
           */
          latest?: boolean;
          mapIndex?: number;
          /** @default false */
          onlyFailed?: boolean;
          /**
           * @description None: all of the run.
           * @default []
           */
          tasks?: string[];
          /** @default false */
          upstream?: boolean;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            count: number;
            /** @enum {string} */
            state: 'queued' | 'running' | 'success' | 'failed';
            /** @description The first 1,000, as they were before. */
            tasks: {
              mapIndex: number;
              /** @enum {string} */
              state:
                | 'none'
                | 'scheduled'
                | 'queued'
                | 'launching'
                | 'running'
                | 'success'
                | 'failed'
                | 'skipped'
                | 'upstream_failed'
                | 'up_for_retry'
                | 'up_for_reschedule'
                | 'deferred'
                | 'removed';
              taskId: string;
            }[];
          };
        };
      };
    };
  };
  getRunGraph: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Graph'];
        };
      };
    };
  };
  markRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          mapIndex?: number;
          /** @enum {string} */
          state: 'success' | 'failed';
          /**
           * @description None: the run itself.
           * @default []
           */
          tasks?: string[];
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            state: 'queued' | 'running' | 'success' | 'failed';
          };
        };
      };
    };
  };
  getTaskStates: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskStates'];
        };
      };
    };
  };
  listTasks: {
    parameters: {
      query?: {
        /** @description `next` of the page before. */
        cursor?: string;
        /** @description Only instances with this map index or a higher one. */
        fromMapIndex?: number;
        limit?: number;
        /** @description -1: not mapped. */
        mapIndex?: number;
        /** @description Only what is at work, or ended at this time or later. */
        since?: string;
        state?:
          | 'none'
          | 'scheduled'
          | 'queued'
          | 'launching'
          | 'running'
          | 'success'
          | 'failed'
          | 'skipped'
          | 'upstream_failed'
          | 'up_for_retry'
          | 'up_for_reschedule'
          | 'deferred'
          | 'removed';
        taskId?: string;
      };
      header?: never;
      path: {
        dagId: string;
        /** @description Or `latest`. */
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskPage'];
        };
      };
    };
  };
  getTaskInstance: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskInstance'];
        };
      };
    };
  };
  changeTask: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          pool?: string;
          priority?: number;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getAttempt: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description The first is 1. */
        number: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AttemptDetail'];
        };
      };
    };
  };
  getLog: {
    parameters: {
      query?: {
        /** @description Byte to begin at; a negative number counts from the end. */
        after?: number;
        /** @description Bytes. */
        limit?: number;
        /** @description `task`, or the name of a container beside it. */
        source?: string;
      };
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description The first is 1. */
        number: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LogPage'];
        };
      };
    };
  };
  downloadLog: {
    parameters: {
      query?: {
        /** @description `task`, or the name of a container beside it. */
        source?: string;
      };
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description The first is 1. */
        number: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
    };
  };
  followLog: {
    parameters: {
      query?: {
        /** @description Byte to begin at; a negative number counts from the end. */
        after?: number;
        /** @description `task`, or the name of a container beside it. */
        source?: string;
      };
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description The first is 1. */
        number: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': unknown;
        };
      };
    };
  };
  downloadXCom: {
    parameters: {
      query?: {
        /** @description `return_value` is what the task returned. */
        key?: string;
      };
      header?: never;
      path: {
        dagId: string;
        /** @description -1: not mapped. */
        mapIndex: number;
        /** @description Or `latest`. */
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
        };
      };
    };
  };
  listVersions: {
    parameters: {
      query?: {
        /** @description `next` of the page before. */
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        dagId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VersionPage'];
        };
      };
    };
  };
  diffVersions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        from: number;
        to: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Diff'];
        };
      };
    };
  };
  getVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        dagId: string;
        version: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Version'];
        };
      };
    };
  };
  getVersionFile: {
    parameters: {
      query: {
        /** @description What people wrote, a script of a task, or the bundle that workers get. */
        origin?: 'source' | 'script' | 'bundle';
        path: string;
      };
      header?: never;
      path: {
        dagId: string;
        version: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VersionFile'];
        };
      };
    };
  };
  deploy: {
    parameters: {
      query: {
        /** @description Only say what would change. */
        dryRun?: 'true' | 'false';
        /** @description Whose DAGs these are: they are managed by `api:NAME` from now on. */
        name: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description What `podline build --out` wrote. */
    requestBody: {
      content: {
        'application/gzip': string;
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployed'];
        };
      };
    };
  };
  followChanges: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description As it is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': unknown;
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
    };
  };
  getMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Me'];
        };
      };
    };
  };
  getOverview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Overview'];
        };
      };
    };
  };
  listPools: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PoolList'];
        };
      };
    };
  };
  setPool: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          description?: string | null;
          slots: number;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description False: it was there. */
            made: boolean;
          };
        };
      };
    };
  };
  deletePool: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listRuns: {
    parameters: {
      query?: {
        backfill?: number;
        /** @description Only runs before the one with this `id`; for who has no cursor. */
        before?: number;
        /** @description `next` of the page before. */
        cursor?: string;
        dagId?: string;
        /** @description With `dagId`: runs of this day, as its calendar counts them. */
        day?: string;
        kind?: 'scheduled' | 'manual' | 'backfill';
        limit?: number;
        /** @description Only runs made at this time or later. */
        since?: string;
        state?: 'queued' | 'running' | 'success' | 'failed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunPage'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: {
        /** @description Of everybody; needs the right to admin. */
        all?: 'true' | 'false';
        /** @description `next` of the page before. */
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenPage'];
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description Until it ends.
           * @default 90
           */
          days?: number;
          name: string;
          scopes: components['schemas']['GrantInput'][];
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeToken'];
        };
      };
    };
  };
  revokeToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tokenId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description `next` of the page before. */
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserPage'];
        };
      };
    };
  };
  addUser: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default [] */
          grants?: components['schemas']['GrantInput'][];
          name: string;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserLink'];
        };
      };
    };
  };
  deleteUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        userId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  changeUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        userId: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          disabled?: boolean;
          grants?: components['schemas']['GrantInput'][];
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['User'];
        };
      };
    };
  };
  linkUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        userId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserLink'];
        };
      };
    };
  };
  listVariables: {
    parameters: {
      query?: {
        /** @description Only keys behind this one; for who has no cursor. */
        after?: string;
        /** @description `next` of the page before. */
        cursor?: string;
        /** @description This one alone. */
        key?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VariablePage'];
        };
      };
    };
  };
  setVariable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        key: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          description?: string | null;
          value: unknown;
        };
      };
    };
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  deleteVariable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        key: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listWorkers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is wrong, and what helps. */
      '4XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description What is wrong, and what helps. */
      '5XX': {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WorkerList'];
        };
      };
    };
  };
}
