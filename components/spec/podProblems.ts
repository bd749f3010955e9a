/** What is wrong with the knobs that every component with pods has (PodArgs, ObjectArgs, ControlPlaneArgs). */
import {
  envNameProblem,
  labelKeyProblem,
  labelValueProblem,
  quantityOf,
  quantityProblem,
  reservedEnvProblem,
} from '../../src/pods/names.ts';
import type { ControlPlaneArgs, ObjectArgs, PodArgs, ResourceArgs } from '../args.ts';
import { ImagePullPolicy } from '../args.ts';
import {
  type Add,
  check,
  dnsLabel,
  dnsName,
  imageName,
  known,
  needed,
  oneOf,
  under,
  whole,
} from './validate.ts';

export const LOG_LEVELS = { error: 'error', warn: 'warn', info: 'info', debug: 'debug' };

/** Everything that components of the control plane share. */
export function controlPlaneProblems(args: ControlPlaneArgs, add: Add): void {
  add('namespace', needed(args.namespace) ?? dnsLabel(args.namespace));
  add('image', needed(args.image) ?? imageName(args.image));
  add('database', needed(args.database));
  const database = known(args.database);
  if (database !== undefined) {
    add('database.secretName', needed(database.secretName) ?? dnsName(database.secretName));
  }
  add('logLevel', oneOf(args.logLevel, LOG_LEVELS));
  add('readyTimeout', whole(args.readyTimeout, 1, 86_400));
  objectProblems(args, add);
  podProblems(args, add);
}

export function objectProblems(args: ObjectArgs, add: Add): void {
  labelProblems(args.labels, under(add, 'labels'));
  for (const key of Object.keys(known(args.annotations) ?? {})) {
    add(`annotations.${key}`, labelKeyProblem(key));
  }
}

export function podProblems(args: PodArgs, add: Add): void {
  resourceProblems(known(args.resources), under(add, 'resources'));
  labelProblems(args.nodeSelector, under(add, 'nodeSelector'));
  labelProblems(args.podLabels, under(add, 'podLabels'));
  add('imagePullPolicy', oneOf(args.imagePullPolicy, ImagePullPolicy));
  add('runAsUser', whole(args.runAsUser, 1, 4_294_967_295));
  for (const name of Object.keys(known(args.env) ?? {})) {
    add(`env.${name}`, envNameProblem(name) ?? reservedEnvProblem(name));
  }
}

export function resourceProblems(resources: ResourceArgs | undefined, add: Add): void {
  const requests = known(resources?.requests) ?? {};
  const limits = known(resources?.limits) ?? {};
  for (const [kind, values] of Object.entries({ requests, limits })) {
    for (const [name, value] of Object.entries(values)) {
      add(`${kind}.${name}`, check(value, quantityProblem));
    }
  }
  for (const [name, value] of Object.entries(requests)) {
    const request = known(value);
    const limit = known(limits[name]);
    if (request === undefined || limit === undefined) continue;
    if (!(quantityOf(request) > quantityOf(limit))) continue;
    add(`requests.${name}`, `${request} is more than the limit of ${limit}`);
  }
}

function labelProblems(labels: ObjectArgs['labels'], add: Add): void {
  for (const [key, value] of Object.entries(known(labels) ?? {})) {
    add(key, labelKeyProblem(key) ?? check(value, labelValueProblem));
  }
}
