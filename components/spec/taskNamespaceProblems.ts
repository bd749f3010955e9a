/** What is wrong with a namespace of tasks. Asked by TaskNamespace, and by Orchestrator for its own. */
import { dnsNameProblem } from '../../src/pods/names.ts';
import type { EgressArgs, TaskBoundsArgs, TaskNamespaceArgs } from '../taskNamespaceArgs.ts';
import { LAUNCHER_ACCOUNT } from './names.ts';
import { objectProblems } from './podProblems.ts';
import {
  type Add,
  check,
  dnsLabel,
  exactlyOne,
  known,
  needed,
  plainFields,
  quantity,
  under,
  whole,
} from './validate.ts';

export function taskNamespaceProblems(args: TaskNamespaceArgs, add: Add): void {
  plainFields(args, ['create', 'scheduler', 'egress', 'launcher', 'serviceAccounts'], add);
  add('name', dnsLabel(args.name));
  if (args.create === false) add('name', needed(args.name));
  if ((args.scheduler as unknown) === undefined) {
    add('scheduler', 'it is missing; say who launches pods here');
  } else {
    add('scheduler', exactlyOne(args.scheduler, ['serviceAccountName', 'user', 'group']));
    const { serviceAccountName, namespace } = args.scheduler;
    if (serviceAccountName !== undefined) add('scheduler.namespace', needed(namespace));
    add('scheduler.namespace', dnsLabel(namespace));
  }
  boundsProblems(args, add);
  objectProblems(args, add);
}

export function boundsProblems(args: TaskBoundsArgs, add: Add): void {
  quantities(args.quota, under(add, 'quota'));
  for (const field of ['defaultRequest', 'defaultLimit', 'max'] as const) {
    quantities(args.limits?.[field], under(add, `limits.${field}`));
  }
  if (args.networkPolicy === false) {
    for (const field of ['egress', 'metadataService'] as const) {
      if (args[field] === undefined) continue;
      add(field, 'it needs the NetworkPolicy, and networkPolicy is false');
    }
  }
  if (args.egress !== undefined && args.metadataService !== undefined) {
    add('metadataService', 'egress already says what is open; name its address there');
  }
  args.egress?.forEach((place, index) => egressProblems(place, under(add, `egress[${index}]`)));
  const names = args.serviceAccounts?.map(({ name }) => name) ?? [];
  names.forEach((name, index) => {
    const path = `serviceAccounts[${index}].name`;
    add(path, needed(name) ?? dnsNameProblem(name));
    if (names.indexOf(name) < index) add(path, `"${name}" is there twice`);
    if (name === LAUNCHER_ACCOUNT) add(path, `"${name}" is made by launcher: true`);
  });
}

const CIDR = /^[0-9a-fA-F.:]+\/\d{1,3}$/;

function egressProblems(place: EgressArgs, add: Add): void {
  add('', exactlyOne(place, ['cidr', 'namespace']));
  add(
    'cidr',
    check(place.cidr, (text) =>
      CIDR.test(text) ? undefined : `"${text}" is no range of addresses; give one like 10.1.0.0/16`,
    ),
  );
  add('namespace', dnsLabel(place.namespace));
  if (place.except !== undefined && place.cidr === undefined) add('except', 'it belongs to cidr');
  known(place.ports)?.forEach((port, index) => add(`ports[${index}]`, whole(port, 1, 65_535)));
}

function quantities(values: TaskBoundsArgs['quota'], add: Add): void {
  for (const [name, value] of Object.entries(known(values) ?? {})) add(name, quantity(value));
}
