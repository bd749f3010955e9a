/**
 * Podline on a server of yours: @pulumi/postgresql makes the owner, the two roles of less, the database and what each may
 * do, in the same update as the rest. The provider talks to the server from where `pulumi` runs.
 */
import * as postgresql from '@pulumi/postgresql';
import * as pulumi from '@pulumi/pulumi';
import { DatabaseMode, Orchestrator } from 'podline';

const config = new pulumi.Config();
const host = config.require('host');
const port = config.requireNumber('port');
const sslMode = config.require('sslMode');
const database = config.require('database');
const poolerImage = config.require('poolerImage');

const server = new postgresql.Provider('server', {
  host,
  port,
  sslmode: sslMode,
  username: config.require('adminUser'),
  password: config.requireSecret('adminPassword'),
  // Managed servers give nobody the rights of a superuser.
  superuser: false,
});

const podline = new Orchestrator(
  'podline',
  {
    image: config.require('image'),
    database: {
      mode: DatabaseMode.External,
      external: {
        ...{ host, port, sslMode, database },
        // The name of the owner is one of the whole server.
        user: database,
        provision: { keepData: config.requireBoolean('keepData'), workerConnectionLimit: 200 },
      },
      ...(poolerImage !== '' && { pooler: { image: poolerImage } }),
    },
    dagFolders: ['../quickstart/dags'],
  },
  { providers: { postgresql: server } },
);

export const namespace = podline.namespace;
export const taskNamespace = podline.taskNamespace;
export const url = podline.url;
export const commands = podline.commands;
