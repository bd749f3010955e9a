/**
 * What the file PODLINE_CLUSTERS (YAML or JSON) may say, with its defaults. Read by clusterConfig.ts only; docs/
 * clusters.md says the same in words.
 */
import { z } from 'zod';
import type { JsonObject } from '../../src/plan/plan.ts';

const label = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    'must have small letters, digits and "-" only, 63 at most',
  );
const text = z.string().min(1);
const seconds = z.int().min(1).max(604_800);

const clusterEntry = z
  .strictObject({
    /** A file, relative to this one. Default: $KUBECONFIG or ~/.kube/config. */
    kubeconfig: text.optional(),
    /** Default: the current context of the kubeconfig. */
    context: text.optional(),
    /** The cluster that this process runs in, by its service account. */
    inCluster: z.boolean().optional(),
    /** Where tasks may be; the first one is the default. Default: that of the context or of this pod. */
    namespaces: z.array(label).min(1).optional(),
    /** Of tasks that name none: an image with the runtime. */
    image: text.optional(),
    imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
    /** Secret in each namespace whose key `url` is the database of workers. */
    workerDatabaseSecret: text.default('podline-worker-database'),
    /** Service accounts that tasks may ask for. Default: none. */
    serviceAccounts: z.array(text).default([]),
    /** Part of a pod that every task's pod starts from. */
    template: z
      .record(z.string(), z.json())
      .transform((value) => value as JsonObject)
      .optional(),
    /** Pods that stay after their end, for people to look at. Default: never. */
    keepPods: z.enum(['never', 'failed', 'always']).default('never'),
    /** Pods of this installation in the cluster at a time. Default 500. */
    maxPods: z.int().min(1).max(100_000).default(500),
    /** Seconds from the creation of a pod until its container must run. Default 600. */
    startupTimeout: seconds.default(600),
    /** Seconds that an image which cannot be pulled may take to appear. Default 60. */
    imagePullGrace: seconds.default(60),
  })
  .refine((entry) => !(entry.inCluster && (entry.kubeconfig || entry.context)), {
    message: 'says inCluster and names a kubeconfig or context; take one of them',
  });

export type ClusterEntry = z.output<typeof clusterEntry>;

export const clustersSchema = z.strictObject({
  /** Name of the cluster of tasks that name none. Needed when there are several. */
  default: text.optional(),
  clusters: z
    .record(label, clusterEntry)
    .refine((clusters) => Object.keys(clusters).length > 0, { message: 'must name a cluster' }),
});
