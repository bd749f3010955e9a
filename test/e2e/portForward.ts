/** Runs the `kubectl port-forward` that an output of a stack says, at a free port of this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { kubectlProgram, type TestCluster } from '../cluster/harness.ts';

export interface Forwarded {
  url: string;
  close(): Promise<void>;
}

export async function portForward(cluster: TestCluster, command: string): Promise<Forwarded> {
  const kubectl = await kubectlProgram();
  const child = spawn('sh', ['-c', `exec ${command.replace(/ \d+:/, ' :')}`], {
    env: {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      PATH: `${path.dirname(kubectl)}:${process.env.PATH}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  for await (const line of readline.createInterface(child.stdout)) {
    const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (port === undefined) continue;
    return {
      url: `http://localhost:${port}`,
      async close() {
        child.kill();
        await exit;
      },
    };
  }
  throw new Error(`it ended without a port: ${command}`);
}
