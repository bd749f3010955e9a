/**
 * The operator `checksum` for authors: one typed definition. In a package of its own this is what its
 * main entry exports; here it lies beside the DAG that uses it.
 */
import { defineOperator } from 'podline/dag';
import { z } from 'zod';

export interface ChecksumConfig {
  /** Path of the file, where the task runs. Templates are allowed. */
  path: string;
  algorithm?: 'sha256' | 'sha512' | 'md5';
  /** The digest that the file must have; another one fails the task with cause check_failed. */
  expect?: string;
}

export interface Checksum {
  path: string;
  bytes: number;
  digest: string;
}

export const checksum = defineOperator<ChecksumConfig, Checksum>({
  name: 'example.checksum',
  // A package writes its own name here: `podline-checksum/run`. Resolved from the project's folder.
  module: './examples/custom-operator/checksum/run.ts',
  schema: z.strictObject({
    path: z.string().min(1),
    algorithm: z.enum(['sha256', 'sha512', 'md5']).optional(),
    expect: z.string().min(1).optional(),
  }),
});
