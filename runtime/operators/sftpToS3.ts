/**
 * sftpToS3: streams one file from an SFTP server to an S3-compatible store. Nothing is kept on disk,
 * and memory holds four parts of the upload. The sizes are compared, and a broken upload leaves nothing.
 */
import { Readable } from 'node:stream';
import { text } from './config.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';
import { s3Client } from './s3.ts';
import { openSftp } from './sftp.ts';
import { readRemote } from './sftpRead.ts';

const PART_BYTES = 16 * 1024 * 1024;
/** S3 takes 10,000 parts: files above 156 GB get larger ones. */
const MOST_PARTS = 10_000;

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const from = text(context, 'from');
  const bucket = text(context, 'bucket');
  const key = text(context, 'key');
  const source = context.connection(text(context, 'sftp'));
  const target = context.connection(text(context, 's3'));
  const { Upload } = await import('@aws-sdk/lib-storage');
  const { HeadObjectCommand, DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await s3Client(target);
  const { client, sftp } = await openSftp(source);
  let upload: InstanceType<typeof Upload> | undefined;
  const onAbort = (): void => void upload?.abort();
  context.signal.addEventListener('abort', onAbort, { once: true });
  try {
    context.signal.throwIfAborted();
    const { size } = await client.stat(from);
    context.log(`${from}: ${size} bytes to s3://${bucket}/${key}`);
    upload = new Upload({
      client: s3,
      params: { Bucket: bucket, Key: key, Body: Readable.from(readRemote(sftp, from, size)) },
      queueSize: 4,
      partSize: Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS)),
    });
    upload.on('httpUploadProgress', ({ loaded }) => context.log(`${loaded ?? 0} of ${size} bytes`));
    await upload.done();
    const { ContentLength: bytes } = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key }),
    );
    if (bytes !== size) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      throw new Error(`${from} has ${size} bytes, but ${bytes} arrived; the object was removed`);
    }
    return { output: { bucket, key, bytes } };
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    await client.end().catch(() => false);
    s3.destroy();
  }
}
