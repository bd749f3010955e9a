/**
 * sftpToS3: streams one file from an SFTP server to an S3-compatible store. Nothing is kept on disk,
 * and memory holds four parts of the upload. The sizes are compared, and a broken upload leaves nothing.
 */
import { PassThrough } from 'node:stream';
import { text } from './config.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';
import { s3Client } from './s3.ts';
import { openSftp } from './sftp.ts';

/** 10,000 parts are the most: with 16 MB that is 156 GB; larger files get larger parts. */
const PART_BYTES = 16 * 1024 * 1024;

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const from = text(context, 'from');
  const bucket = text(context, 'bucket');
  const key = text(context, 'key');
  const source = context.connection(text(context, 'sftp'));
  const target = context.connection(text(context, 's3'));
  const { Upload } = await import('@aws-sdk/lib-storage');
  const { HeadObjectCommand, DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  const [sftp, s3] = [await openSftp(source), await s3Client(target)];
  const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
  let failure: Error | undefined;
  const upload = new Upload({
    client: s3,
    params: { Bucket: bucket, Key: key, Body: stream },
    queueSize: 4,
    partSize: PART_BYTES,
  });
  const stop = (error: Error): void => {
    failure ??= error;
    stream.destroy(error);
    void upload.abort();
  };
  const onAbort = (): void => stop(new Error('the transfer was stopped'));
  context.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { size } = await sftp.stat(from);
    context.log(`${from}: ${size} bytes to s3://${bucket}/${key}`);
    upload.on('httpUploadProgress', ({ loaded }) => context.log(`${loaded ?? 0} of ${size} bytes`));
    const reading = sftp.get(from, stream).catch(stop);
    const [uploaded] = await Promise.allSettled([upload.done(), reading]);
    if (failure) throw failure;
    if (uploaded.status === 'rejected') throw uploaded.reason as Error;
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
    stream.destroy();
    await sftp.end().catch(() => false);
    s3.destroy();
  }
}
