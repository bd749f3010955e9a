/** sftpToS3: streams one file from an SFTP server to an S3-compatible store, without a copy on disk. */
import type { CommonDefinition, Operator } from './operator.ts';

export interface SftpToS3Definition extends CommonDefinition {
  /** Id of the SFTP connection. */
  sftp: string;
  /** Id of the S3 connection. */
  s3: string;
  /** Path on the SFTP server. */
  from: string;
  bucket: string;
  key: string;
}

export interface SftpToS3Result {
  bucket: string;
  key: string;
  bytes: number;
}

/** Config in the plan: { sftp, s3, from, bucket, key }. */
export function sftpToS3(definition: SftpToS3Definition): Operator<SftpToS3Result> {
  const { sftp, s3, from, bucket, key, inputs = {} } = definition;
  return {
    operator: 'sftpToS3',
    config: { sftp, s3, from, bucket, key },
    inputs,
    connections: [sftp, s3],
    check: () =>
      Object.entries({ sftp, s3, from, bucket, key })
        .filter(([, value]) => typeof value !== 'string' || value === '')
        .map(([name]) => `${name} must be text that is not empty`),
  };
}
