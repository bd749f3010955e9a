/**
 * A folder of DAGs as part of a deployment. The folder is built in a process of its own; each DAG is a child whose
 * inputs are its plan, so a preview says what changes in it; a Job registers the build in the metadata database.
 */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ControlPlaneArgs } from './args.ts';
import { Dag } from './dag.ts';
import { pieceName } from './spec/bundleArchive.ts';
import { type Bundle, bundleOf, readBundle } from './spec/bundleSource.ts';
import { childOptions } from './spec/childOptions.ts';
import { databaseRef, envOf } from './spec/env.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { RUNTIME_ENV, typeOf } from './spec/names.ts';
import { planView } from './spec/planView.ts';
import { podOf } from './spec/pod.ts';
import { controlPlaneProblems } from './spec/podProblems.ts';
import { hideConnection } from './spec/secretArgs.ts';
import { exactlyOne, plainFields, validate, whole } from './spec/validate.ts';

export interface DagBundleArgs extends ControlPlaneArgs {
  /** Folder of DAG files. A relative one lies below the folder that the program runs in. */
  folder?: string;
  /** Instead of `folder`: what `podline build FOLDER --out` wrote, such as an earlier step of a pipeline. */
  plans?: string;
  /** Seconds that the build of `folder` may take. Default 300. */
  buildTimeout?: number;
  /** Who the DAGs belong to in the database; another owner's DAGs are refused. Default `pulumi:PROJECT/STACK/NAME`. */
  owner?: string;
}

/** Where the pieces of the build are in the pod that registers them. */
const FOLDER = '/bundle';
/** Seconds that registration waits for the database to be at its version. */
const SCHEMA_WAIT = 300;

/**
 * DAGs of a folder. A DAG that is removed from it makes no new runs; its active runs finish. Destroying the
 * component leaves the DAGs registered, and they run on: end them first (docs/dag-bundles.md).
 */
export class DagBundle extends pulumi.ComponentResource {
  /** Ids of the DAGs. */
  readonly dagIds: pulumi.Output<string[]>;
  /** Who the DAGs belong to in the database. */
  readonly owner: pulumi.Output<string>;
  /** Follows from the content of all DAGs: the same DAGs have the same version. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: DagBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    const { build, archive } = prepare(name, args);
    super(typeOf('DagBundle'), name, { ...args, database: hideConnection(args.database) }, opts);
    const part: Part = { instance: name, component: 'dag-bundle', image: args.image };
    const options = childOptions(this, opts);
    const owner = args.owner ?? `pulumi:${pulumi.getProject()}/${pulumi.getStack()}/${name}`;

    for (const built of build.plans) {
      new Dag(`${name}-${built.plan.dagId}`, planView(built), { parent: this });
    }
    const pieces = archive.pieces.map(
      (piece, index) =>
        new k8s.core.v1.ConfigMap(
          `${name}-${archive.address}-${index}`,
          {
            metadata: metadataOf(part, args, { namespace: args.namespace }),
            immutable: true,
            binaryData: { [pieceName(index)]: piece.toString('base64') },
          },
          // The name says what is in it: other bytes of the same content are no change.
          { parent: this, ignoreChanges: ['binaryData'] },
        ),
    );
    new k8s.batch.v1.Job(`${name}-register`, registerJob(part, args, owner, pieces), {
      ...options,
      customTimeouts: timeouts(args.readyTimeout),
    });

    this.dagIds = pulumi.output(build.plans.map(({ plan }) => plan.dagId));
    this.owner = pulumi.output(owner);
    this.version = pulumi.output(archive.address);
    this.registerOutputs({ dagIds: this.dagIds, owner: this.owner, version: this.version });
  }
}

/** Builds before anything is declared: a folder with a mistake in it declares nothing. */
function prepare(name: string, args: DagBundleArgs): Bundle {
  let made: Bundle | undefined;
  validate('DagBundle', name, (add) => {
    controlPlaneProblems(args, add);
    plainFields(args, ['folder', 'plans', 'owner', 'buildTimeout'], add);
    add('buildTimeout', whole(args.buildTimeout, 1, 86_400));
    add('owner', ownerProblem(args.owner));
    const source = exactlyOne(args, ['folder', 'plans']);
    add('folder', source);
    if (source !== undefined || pulumi.Output.isInstance(args.folder ?? args.plans)) return;
    made = bundleOf(args) ?? readBundle(args, args.folder === undefined ? 'plans' : 'folder', add);
  });
  if (made === undefined) throw new Error('a build without problems has an archive');
  return made;
}

/** As `podline dags register` takes it. */
function ownerProblem(owner: string | undefined): string | undefined {
  if (owner === undefined || /^[^\s\p{C}]{1,200}$/u.test(owner)) return undefined;
  return 'it must be 1 to 200 characters without spaces';
}

/** A new version of the DAGs, or of Podline, is a new Job. A failed one is tried again by the next update. */
function registerJob(
  part: Part,
  args: DagBundleArgs,
  owner: string,
  pieces: k8s.core.v1.ConfigMap[],
): k8s.types.input.batch.v1.Job {
  const sources = pieces.map((piece) => ({ configMap: { name: piece.metadata.name } }));
  return {
    metadata: metadataOf(part, args, {
      namespace: args.namespace,
      annotations: { 'pulumi.com/replaceUnready': 'true' },
    }),
    spec: {
      backoffLimit: 3,
      template: podOf({
        part,
        given: args,
        container: 'register',
        image: args.image,
        args: ['dags', 'register', FOLDER, '--managed-by', owner, '--wait', String(SCHEMA_WAIT)],
        env: envOf(
          {
            ...RUNTIME_ENV,
            PODLINE_DATABASE_URL: databaseRef(args.database),
            PODLINE_LOG_LEVEL: args.logLevel,
          },
          args.env,
        ),
        resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
        volumes: [{ name: 'bundle', source: { projected: { sources } }, mountPath: FOLDER }],
        pod: { restartPolicy: 'Never' },
      }),
    },
  };
}

function timeouts(seconds = 600): pulumi.CustomTimeouts {
  return { create: `${seconds}s`, update: `${seconds}s` };
}
