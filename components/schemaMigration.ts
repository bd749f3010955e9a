/**
 * Brings the schema of the metadata database to the version of an image, and makes the roles of workers and pools:
 * a Job that everything else waits for. Another image or database is another Job, made before the old one goes.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ControlPlaneArgs } from './args.ts';
import { childOptions } from './spec/childOptions.ts';
import { databaseRef, envOf } from './spec/env.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { RUNTIME_ENV, typeOf } from './spec/names.ts';
import { podOf } from './spec/pod.ts';
import { controlPlaneProblems } from './spec/podProblems.ts';
import { hideConnection } from './spec/secretArgs.ts';
import { validate, whole } from './spec/validate.ts';

/** Arguments of SchemaMigration. */
export interface SchemaMigrationArgs extends ControlPlaneArgs {
  /** Seconds that the Job waits for the database to answer. Default 300. */
  databaseTimeout?: number;
}

/** A Job that migrates the schema. Components that run Podline depend on it. */
export class SchemaMigration extends pulumi.ComponentResource {
  /** Name of the Job. */
  readonly jobName: pulumi.Output<string>;

  constructor(name: string, args: SchemaMigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    validate('SchemaMigration', name, (add) => {
      controlPlaneProblems(args, add);
      add('databaseTimeout', whole(args.databaseTimeout, 1, 86_400));
    });
    super(
      typeOf('SchemaMigration'),
      name,
      { ...args, database: hideConnection(args.database) },
      opts,
    );
    const { image, namespace, databaseTimeout = 300, readyTimeout = 600 } = args;
    const part: Part = { instance: name, component: 'migration', image };
    const template = podOf({
      part,
      given: args,
      container: 'migration',
      image,
      args: ['db', 'migrate', '--wait', String(databaseTimeout)],
      env: envOf(
        {
          ...RUNTIME_ENV,
          PODLINE_DATABASE_URL: databaseRef(args.database),
          PODLINE_LOG_LEVEL: args.logLevel,
        },
        args.env,
      ),
      resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      pod: { restartPolicy: 'Never' },
    });
    const job = new k8s.batch.v1.Job(
      name,
      {
        // No ttl: a Job that goes by itself is missed, and made again, by the next refresh.
        metadata: metadataOf(part, args, { namespace, annotations: RETRY_AT_NEXT_UPDATE }),
        // The command itself waits for the database; what fails twice will fail again.
        spec: { backoffLimit: 2, template },
      },
      {
        ...childOptions(this, opts),
        customTimeouts: { create: `${databaseTimeout + readyTimeout}s` },
      },
    );
    this.jobName = job.metadata.name;
    this.registerOutputs({ jobName: this.jobName });
  }
}

/** A Job that failed is replaced by the next update, though nothing about it has changed. */
const RETRY_AT_NEXT_UPDATE = { 'pulumi.com/replaceUnready': 'true' };
