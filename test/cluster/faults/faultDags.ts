/** DAG files of the tests of this folder: the same first lines, then the DAGs of one test. */

export function dagFile(body: string): Record<string, string> {
  return { 'faults.ts': `${FIRST}\n${body}` };
}

/** `sh`: a program of any image that has bash. */
const FIRST = `
import { bash, dag, pod } from 'podline/dag';

const image = 'docker.io/local/podline:dev';
const imagePullPolicy = 'IfNotPresent' as const;
const securityContext = { runAsUser: 10001, runAsGroup: 10001 };
const own = { image, imagePullPolicy, securityContext, terminationGracePeriodSeconds: 2 };
const sh = (script: string) => ({ ...own, command: ['bash', '-c', script] });
const retries = { max: 0, delay: 0, infrastructure: 3 };
const defaults = { retries, pod: { terminationGracePeriodSeconds: 2 } };
`;
