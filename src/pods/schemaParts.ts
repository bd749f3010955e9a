/**
 * The parts that schemas of pods are made of: names, environment, volumes, mounts, security. Used by
 * overridesSchema.ts, once for each way in which strings are read.
 */
import { z } from 'zod';
import { mayBeTemplate } from '../plan/templates.ts';
import {
  dnsLabelProblem,
  dnsNameProblem,
  envNameProblem,
  mountPathProblem,
  quantityProblem,
  reservedEnvProblem,
} from './names.ts';

type Test = (text: string) => string | undefined;

/** `templates`: rendered later. `plain`: never rendered. `rendered`: they were. */
export type OverridesMode = 'templates' | 'plain' | 'rendered';

/** Volumes of the restricted profile, without those that carry a Kubernetes token. */
const VOLUMES = ['emptyDir', 'configMap', 'secret', 'persistentVolumeClaim', 'ephemeral', 'csi'];
const OURS = 'names that begin with "podline" belong to Podline';
const NO_TEMPLATE = 'it is a template, and templates are rendered only in pod(...) and job(...)';

export function ownNameProblem(name: string): string | undefined {
  return name.startsWith('podline') ? OURS : dnsLabelProblem(name);
}

export function schemaParts(mode: OverridesMode) {
  const text = (test: Test = () => undefined) =>
    z.string().superRefine((value, context) => {
      const isTemplate = mode !== 'rendered' && mayBeTemplate(value);
      if (mode === 'templates' && isTemplate) return;
      const problem = isTemplate ? NO_TEMPLATE : test(value);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });
  const keyed = <Value extends z.ZodType>(value: Value, test: Test) =>
    z.record(z.string(), value).superRefine((map, context) => {
      for (const key of Object.keys(map)) {
        const message = test(key);
        if (message !== undefined) context.addIssue({ code: 'custom', message, path: [key] });
      }
    });
  const whole = (min: number, max = 2147483647) => z.int().min(min).max(max);
  const dnsLabel = text(dnsLabelProblem);
  const dnsName = text(dnsNameProblem);
  const anything = z.record(z.string(), z.json());
  const pullPolicy = z.enum(['Always', 'IfNotPresent', 'Never']);
  const texts = z.array(text());

  const quantities = z.record(
    z.string(),
    z.union([text(quantityProblem), z.number().nonnegative()]),
  );
  const resources = z.strictObject({
    requests: quantities.optional(),
    limits: quantities.optional(),
  });
  const key = { name: dnsName, key: text(), optional: z.boolean().optional() };
  const valueFrom = z.strictObject({
    secretKeyRef: z.strictObject(key).optional(),
    configMapKeyRef: z.strictObject(key).optional(),
    fieldRef: anything.optional(),
    resourceFieldRef: anything.optional(),
  });
  const envName: Test = (name) => envNameProblem(name) ?? reservedEnvProblem(name);
  const listed = z.strictObject({
    name: z.string().superRefine((name, context) => {
      const message = envName(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
    value: text().optional(),
    valueFrom: valueFrom.optional(),
  });
  const named = z.union([
    text(),
    z.strictObject({ secret: dnsName, key: text() }),
    z.strictObject({ configMap: dnsName, key: text() }),
  ]);
  // Not a union, whose problems would not say where they are.
  const env = z
    .unknown()
    .superRefine((value, context) => {
      const schema = Array.isArray(value) ? unique(z.array(listed), 'name') : keyed(named, envName);
      for (const issue of schema.safeParse(value).error?.issues ?? []) {
        context.addIssue({ ...issue });
      }
    })
    .optional();
  const source = z.strictObject({ name: dnsName, optional: z.boolean().optional() });
  const envFrom = z.array(
    z.strictObject({
      prefix: z.string().optional(),
      secretRef: source.optional(),
      configMapRef: source.optional(),
    }),
  );
  const volumeMounts = unique(
    z.array(
      z.strictObject({
        name: dnsLabel,
        mountPath: text(mountPathProblem),
        subPath: text().optional(),
        subPathExpr: text().optional(),
        readOnly: z.boolean().optional(),
        recursiveReadOnly: z.string().optional(),
      }),
    ),
    'mountPath',
  );
  const projected = z.strictObject({
    defaultMode: whole(0).optional(),
    sources: z.array(
      z.strictObject({
        configMap: anything.optional(),
        secret: anything.optional(),
        downwardAPI: anything.optional(),
      }),
    ),
  });
  const volumes = unique(
    z.array(
      z
        .strictObject({
          name: text(ownNameProblem),
          ...Object.fromEntries(VOLUMES.map((kind) => [kind, anything.optional()])),
          downwardAPI: anything.optional(),
          projected: projected.optional(),
        })
        .refine((volume) => Object.keys(volume).length === 2, {
          message: 'give a name and exactly one kind of volume',
        }),
    ),
    'name',
  );
  const security = {
    runAsUser: whole(0).optional(),
    runAsGroup: whole(0).optional(),
    runAsNonRoot: z.boolean().optional(),
    readOnlyRootFilesystem: z.boolean().optional(),
  };
  const ports = z.array(
    z.strictObject({
      containerPort: whole(1, 65535),
      name: dnsLabel.optional(),
      protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(),
    }),
  );
  return {
    text,
    keyed,
    whole,
    dnsLabel,
    dnsName,
    anything,
    pullPolicy,
    texts,
    resources,
    env,
    envFrom,
    volumes,
    volumeMounts,
    security,
    ports,
  };
}

export function unique<Item extends z.ZodType>(list: z.ZodArray<Item>, field: string) {
  return list.superRefine((items, context) => {
    const seen = new Set<unknown>();
    for (const [index, item] of items.entries()) {
      const value = (item as Record<string, unknown>)[field];
      if (seen.has(value)) {
        const message = `there are two with the ${field} "${String(value)}"`;
        context.addIssue({ code: 'custom', message, path: [index, field] });
      }
      seen.add(value);
    }
  });
}
