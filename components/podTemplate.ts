/**
 * The template that all pods of tasks in a cluster start from, typed and checked when the program runs instead of at
 * the first launch. It has no resources: `template` goes into the cluster of a Scheduler.
 */
import * as pulumi from '@pulumi/pulumi';
import type { PodTemplateArgs } from './podTemplateArgs.ts';
import { typeOf } from './spec/names.ts';
import { type KnownTemplate, podTemplateJson, templateProblems } from './spec/podTemplateJson.ts';
import { validate } from './spec/validate.ts';

/** A template of pods, for `template` of a cluster. */
export class PodTemplate extends pulumi.ComponentResource {
  /** The partial pod, in the form of Kubernetes. */
  readonly template: pulumi.Output<pulumi.Inputs>;

  constructor(name: string, args: PodTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    const { restricted = true, ...said } = args;
    const check = (known: KnownTemplate) => {
      validate('PodTemplate', name, (add) => {
        for (const { path, problem } of templateProblems(known, { restricted })) add(path, problem);
      });
    };
    // What is known is looked at before anything is declared, the rest when it is known.
    if (!holdsOutputs(said)) check(said as KnownTemplate);
    super(typeOf('PodTemplate'), name, args, opts);
    this.template = pulumi.output(said).apply((known) => {
      check(known);
      return podTemplateJson(known);
    });
    this.registerOutputs({ template: this.template });
  }
}

function holdsOutputs(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsOutputs);
}
