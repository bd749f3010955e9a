/** Tries a connection the way the operators use it. Called by `podline connections test`. */
import { PodlineError } from '../../src/errors.ts';
import { type Connection, extraText } from '../../src/connections/connection.ts';

export interface ConnectionTest {
  ok: boolean;
  /** What answered, or what is wrong; without secrets. */
  message: string;
}

export async function testConnection(connection: Connection): Promise<ConnectionTest> {
  try {
    return { ok: true, message: await probe(connection) };
  } catch (error) {
    const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
    const reason = inner instanceof Error ? inner.message : String(inner);
    const { password } = connection;
    return { ok: false, message: password ? reason.replaceAll(password, '***') : reason };
  }
}

async function probe(connection: Connection): Promise<string> {
  switch (connection.type) {
    case 'postgres':
    case 'postgresql':
      return probePostgres(connection);
    case 'http':
    case 'https':
      return probeHttp(connection);
    case 'sftp':
      return probeSftp(connection);
    case 's3':
      return probeS3(connection);
    case 'smtp':
    case 'smtps':
      return probeSmtp(connection);
    default:
      throw new PodlineError('connection.bad', {
        connection: connection.id,
        reason: `there is no test for the type "${connection.type}"`,
      });
  }
}

async function probePostgres(connection: Connection): Promise<string> {
  const { default: pg } = await import('pg');
  const { postgresConfig } = await import('../operators/sqlSession.ts');
  const client = new pg.Client({ ...postgresConfig(connection), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT 'PostgreSQL ' || current_setting('server_version') || ', database ' || current_database() AS name`,
    );
    return rows[0]?.name ?? 'PostgreSQL';
  } finally {
    await client.end().catch(() => {});
  }
}

async function probeHttp(connection: Connection): Promise<string> {
  const { baseUrl, authorization } = await import('../operators/request.ts');
  const response = await fetch(baseUrl(connection), {
    headers: authorization(connection),
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => {
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  });
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403 || response.status >= 500) {
    throw new Error(`it answered ${response.status}`);
  }
  return `it answered ${response.status}`;
}

async function probeSftp(connection: Connection): Promise<string> {
  const { openSftp } = await import('../operators/sftp.ts');
  const { client } = await openSftp(connection);
  try {
    return `logged in, working directory ${await client.cwd()}`;
  } finally {
    await client.end().catch(() => false);
  }
}

async function probeS3(connection: Connection): Promise<string> {
  const { ListBucketsCommand, HeadBucketCommand } = await import('@aws-sdk/client-s3');
  const { s3Client } = await import('../operators/s3.ts');
  const client = await s3Client(connection);
  try {
    // Credentials for one bucket often may not list all of them.
    const bucket = connection.schema ?? extraText(connection, 'bucket');
    if (bucket !== undefined) {
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
      return `the bucket ${bucket} is there`;
    }
    const { Buckets: buckets = [] } = await client.send(new ListBucketsCommand({}));
    return `${buckets.length} buckets`;
  } finally {
    client.destroy();
  }
}

async function probeSmtp(connection: Connection): Promise<string> {
  const { smtpTransport } = await import('../operators/notify.ts');
  const transport = await smtpTransport(connection);
  try {
    await transport.verify();
    return 'it accepts messages';
  } finally {
    transport.close();
  }
}
