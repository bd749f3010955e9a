/**
 * An exec plugin of a kubeconfig (`aws eks get-token`, `gke-gcloud-auth-plugin`): run by client-node, kept until its answer
 * expires, run once however many ask at the same time, and never waited for without end. Used by clusterLogin.ts.
 */
import { spawn, type SpawnOptions } from 'node:child_process';
import type https from 'node:https';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';
import type { User } from '@kubernetes/client-node/dist/config_types.js';

/** Plugins ask a service in the network for a token; kubectl has no limit, and a person who notices. */
export const PLUGIN_SECONDS = 30;

export interface PluginLogin {
  headers: Record<string, string>;
  cert?: https.RequestOptions['cert'];
  key?: https.RequestOptions['key'];
}

export class LoginPlugin {
  readonly #auth = new ExecAuth();
  readonly #milliseconds: number;
  #running: Promise<PluginLogin> | undefined;

  constructor(seconds = PLUGIN_SECONDS) {
    this.#milliseconds = seconds * 1000;
    // The only way in: a plugin that hangs would live on for as long as this process.
    const limited = (command: string, args: string[], options: SpawnOptions) =>
      spawn(command, args, { ...options, timeout: this.#milliseconds, killSignal: 'SIGKILL' });
    Reflect.set(this.#auth, 'execFn', limited);
  }

  /** Throws when the plugin fails, says nothing usable, or does not answer in time. */
  login(user: User): Promise<PluginLogin> {
    this.#running ??= this.#run(user).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(user: User): Promise<PluginLogin> {
    const target: PluginLogin = { headers: {} };
    let timer: NodeJS.Timeout | undefined;
    // Its end is not enough: what it started may hold its output open.
    const late = new Promise<never>((_, reject) => {
      const { command } = user.exec as { command: string };
      const reason = `the login plugin ${command} did not answer within ${this.#milliseconds / 1000} s`;
      timer = setTimeout(() => reject(new Error(reason)), this.#milliseconds);
    });
    const answered = this.#auth.applyAuthentication(user, target);
    answered.catch(() => {});
    try {
      await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
    }
    return target;
  }
}
