/** S3 clients from connections: any S3-compatible store. Used by sftpToS3 and `connections test`. */
import type { S3Client } from '@aws-sdk/client-s3';
import { type Connection, extraText } from '../../src/connections/connection.ts';

/**
 * Login and password are access key and secret; without them the SDK finds credentials by itself.
 * Extras: `endpoint` (or host and port: http unless `tls` is "true"), `region`, `path_style`.
 */
export async function s3Client(connection: Connection): Promise<S3Client> {
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  const { host, port, login, password } = connection;
  const secure = extraText(connection, 'tls') === 'true';
  const place =
    host && `${secure ? 'https' : 'http'}://${host}${port === undefined ? '' : `:${port}`}`;
  const endpoint = extraText(connection, 'endpoint') ?? place;
  return new Client({
    region: extraText(connection, 'region') ?? 'us-east-1',
    endpoint,
    // Stores other than Amazon's rarely have a host name for every bucket.
    forcePathStyle: extraText(connection, 'path_style') !== 'false' && endpoint !== undefined,
    credentials:
      login === undefined
        ? undefined
        : {
            accessKeyId: login,
            secretAccessKey: password ?? '',
            sessionToken: extraText(connection, 'session_token'),
          },
  });
}
