/**
 * The operator `checksum` at run time: one function, called in the worker's process with the rendered
 * config. It streams the file, stops when the task is stopped, and says in its own words what failed.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type OperatorContext, type OperatorResult, TaskFailure } from 'podline/operator';
import type { ChecksumConfig } from './operator.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  // The schema of the definition has checked it when the DAG was built.
  const { path, algorithm = 'sha256', expect } = context.config as unknown as ChecksumConfig;
  const hash = createHash(algorithm);
  let bytes = 0;
  await pipeline(
    createReadStream(path),
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        bytes += chunk.length;
        yield chunk;
      }
    },
    hash,
    { signal: context.signal },
  );
  const digest = hash.digest('hex');
  context.log(`${path}: ${bytes} bytes, ${digest}`);
  // A template may have become empty text.
  if (expect && expect !== digest) {
    throw new TaskFailure('check_failed', `the digest is ${digest} and not ${expect}`);
  }
  return { output: { path, bytes, digest } };
}
