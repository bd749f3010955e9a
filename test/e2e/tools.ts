/**
 * What the end-to-end tests need of the machine: the Pulumi CLI, the plugins of its providers, a cluster. Says loudly
 * which is missing; used by the root hooks and the stacks.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { CACHE } from '../cluster/command.ts';
import { pulumiTools } from '../tools/pulumi.ts';

export const ROOT = path.join(import.meta.dirname, '../..');
/** Folder of plugins and downloads of the CLI; kept, so that later runs find it. */
const HOME = path.join(CACHE, 'pulumi-home');

export interface E2eTools {
  pulumi: string;
  env: Record<string, string>;
}

/** Providers that programs of examples use. */
export type Plugin = 'kubernetes' | 'postgresql';

export async function findTools(): Promise<E2eTools> {
  const tools = await pulumiTools();
  if (tools === null) throw new Error('there is no Pulumi CLI: `npm run test:tools` builds it');
  await fs.mkdir(HOME, { recursive: true });
  const node = path.dirname(process.execPath);
  return {
    pulumi: tools.pulumi,
    env: {
      PATH: [tools.path, node, process.env.PATH ?? '', '/usr/local/bin'].join(path.delimiter),
      PULUMI_HOME: HOME,
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // Programs of this checkout run from its sources.
      NODE_OPTIONS: '--conditions=podline-source',
    },
  };
}

/** Why the tests cannot run here; empty when they can. */
export async function obstacles(): Promise<string[]> {
  const missing: string[] = [];
  const tools = await pulumiTools();
  if (tools === null) missing.push('the Pulumi CLI (`npm run test:tools` builds it)');
  if (!(await hasPlugin('kubernetes'))) {
    missing.push('the plugin pulumi-resource-kubernetes, on PATH or installed');
  }
  const isOwn = process.env.PODLINE_TEST_KUBECONFIG === undefined;
  if (isOwn && (process.platform !== 'linux' || process.getuid?.() !== 0)) {
    missing.push('a cluster (Linux and root, or PODLINE_TEST_KUBECONFIG)');
  } else if (isOwn && spawnSync('go', ['version']).status !== 0) {
    missing.push('a cluster (Go to build it with, or PODLINE_TEST_KUBECONFIG)');
  }
  return missing;
}

export async function hasPlugin(plugin: Plugin): Promise<boolean> {
  const program = `pulumi-resource-${plugin}`;
  const { env } = await findTools().catch(() => ({ env: { PATH: process.env.PATH ?? '' } }));
  const onPath = env.PATH.split(path.delimiter).some((folder) =>
    existsSync(path.join(folder, program)),
  );
  const installed = await fs.readdir(path.join(HOME, 'plugins')).catch(() => []);
  return onPath || installed.some((name) => name.startsWith(`resource-${plugin}-`));
}

/** For `before` hooks: skips what follows when the plugin is not there; with PODLINE_TEST_FULL it is an error. */
export async function needsPlugin(test: Mocha.Context, plugin: Plugin): Promise<void> {
  if (await hasPlugin(plugin)) return;
  const message = `there is no plugin pulumi-resource-${plugin}, on PATH or installed`;
  if (process.env.PODLINE_TEST_FULL) throw new Error(message);
  console.warn(`    SKIPPED: ${message}`);
  test.skip();
}
