/** What suites of components share: arguments that are right, and inputs of resources with their types. */
import assert from 'node:assert/strict';
import type * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { DatabaseConnection } from '../../components/args.ts';
import type { Child } from './mocks.ts';

export type Workload = k8s.types.output.apps.v1.Deployment;
export type Container = k8s.types.output.core.v1.Container;

export const IMAGE = 'registry.example.com/podline:1.2.3';
export const DATABASE: DatabaseConnection = { secretName: 'database' };
export const CONTROL = { namespace: 'control', image: IMAGE, database: DATABASE };

/** Deployment, StatefulSet or Job. */
export function workload(child: Child): Workload {
  return child.inputs as unknown as Workload;
}

export function podOf(child: Child): k8s.types.output.core.v1.PodSpec {
  return workload(child).spec.template.spec;
}

/** The main container, which is the only one. */
export function mainOf(child: Child): Container {
  const { containers } = podOf(child);
  assert.equal(containers.length, 1);
  return containers[0]!;
}

/** Variables of the main container: text, or `secret/key`. */
export function envOf(child: Child): Record<string, string> {
  return Object.fromEntries(
    mainOf(child).env.map(({ name, value, valueFrom }) => {
      const ref = (valueFrom as typeof valueFrom | undefined)?.secretKeyRef;
      return [name, ref ? `${ref.name}/${ref.key}` : value];
    }),
  );
}

/** Texts of a Secret. */
export function secretTexts(child: Child): Record<string, string> {
  return Object.fromEntries(
    Object.entries(child.inputs.data as Record<string, string>).map(([key, text]) => [
      key,
      Buffer.from(text, 'base64').toString(),
    ]),
  );
}

/** Problems of arguments as `path: reason`, from the one error that a constructor throws. */
export function problemsOf(build: () => unknown): string[] {
  try {
    build();
  } catch (error) {
    const { errors, message } = error as pulumi.InputPropertiesError;
    assert.ok(Array.isArray(errors), String(error));
    for (const { propertyPath, reason } of errors) {
      assert.ok(message.includes(`  ${propertyPath}: ${reason}`), message);
    }
    return errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
  }
  return [];
}
