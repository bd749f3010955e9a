/**
 * From an SFTP server into an S3-compatible store, file by file and without a copy on disk, then a note to
 * the team. Needs the connections `partner_sftp`, `lake` and, if `webhook` is given, an address that takes
 * a POST. Their spelling is in docs/connections.md.
 */
import { branch, dag, notify, sftpToS3, typescript } from 'podline/dag';

export const sftpToLake = dag(
  'sftp_to_s3',
  {
    tags: ['example'],
    schedule: null,
    params: {
      folder: '/outgoing',
      bucket: 'lake',
      files: { type: 'array', items: { type: 'string' }, default: ['orders.csv', 'returns.csv'] },
      webhook: '',
    },
    defaults: { retries: { max: 3, delay: '1m', factor: 2 }, executionTimeout: '1h' },
  },
  (d) => {
    const list = d.task(
      'list',
      typescript({
        run: (_, { params }) => (Array.isArray(params.files) ? params.files.map(String) : []),
      }),
    );
    const copy = d.map(
      'copy',
      { file: list.output },
      ({ file }) =>
        sftpToS3({
          sftp: 'partner_sftp',
          s3: 'lake',
          from: '{{ params.folder }}/{{ inputs.file }}',
          bucket: '{{ params.bucket }}',
          key: 'partner/{{ ds }}/{{ inputs.file }}',
          inputs: { file },
        }),
      // The server of the partner allows few sessions.
      { maxActivePerRun: 2 },
    );
    const total = d.task(
      'total',
      typescript({
        inputs: { copied: copy.output },
        run: ({ copied }) => ({
          files: copied.length,
          bytes: copied.reduce((sum, { bytes }) => sum + bytes, 0),
        }),
      }),
    );
    const wanted = d.task(
      'wanted',
      branch({
        inputs: { webhook: d.param('webhook') },
        run: ({ webhook }) => (webhook === '' ? null : 'tell'),
      }),
      { after: total },
    );
    d.task(
      'tell',
      notify.webhook({
        url: '{{ params.webhook }}',
        body: { text: '{{ inputs.total.files }} files arrived' },
        inputs: { total: total.output },
      }),
      { after: wanted },
    );
  },
);
