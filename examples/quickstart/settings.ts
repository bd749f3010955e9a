/** What `pulumi config set` can change, read once and typed; the Pulumi.yaml describes each key. */
import * as pulumi from '@pulumi/pulumi';
import type { EmbeddedDatabaseArgs } from 'podline';

export interface Settings {
  image: string;
  /** Undefined: one is made. */
  namespace: string | undefined;
  dags: string;
  schedulers: number;
  database: EmbeddedDatabaseArgs;
  logLevel: string;
}

export function readSettings(): Settings {
  const config = new pulumi.Config();
  return {
    image: config.require('image'),
    namespace: given(config, 'namespace'),
    dags: config.require('dags'),
    schedulers: config.requireNumber('schedulers'),
    logLevel: config.require('logLevel'),
    database: {
      image: config.require('databaseImage'),
      persistent: config.requireBoolean('databaseVolume'),
      keepData: config.requireBoolean('keepData'),
      storage: {
        size: config.require('databaseSize'),
        storageClass: given(config, 'storageClass'),
      },
    },
  };
}

/** Empty is not given. */
function given(config: pulumi.Config, key: string): string | undefined {
  const value = config.get(key);
  return value === '' ? undefined : value;
}
