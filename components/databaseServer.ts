/** What each mode of MetadataDatabase hands back: where its server is, and the owner's login or a whole record. */
import type * as pulumi from '@pulumi/pulumi';
import type { DatabaseConnection } from './args.ts';

export const DATABASE_DEFAULTS = { port: 5432, database: 'podline', user: 'podline' } as const;

export interface DatabaseServer {
  host: pulumi.Output<string>;
  port: pulumi.Output<number>;
  /** Owner's connection string, a secret; the record is made from it. */
  url?: pulumi.Output<string>;
  /** A record that is there already. */
  record?: DatabaseConnection;
  /** What must be there before anybody connects. */
  ready: pulumi.Resource[];
}
