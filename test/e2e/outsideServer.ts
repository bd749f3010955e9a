/** A PostgreSQL outside of the cluster, with a role that may make roles and databases but is no superuser, as clouds give it. */
import { openClient } from '../../runtime/database/pool.ts';
import { testServer } from '../../runtime/testing/database.ts';

export class OutsideServer {
  readonly host: string;
  readonly port: number;
  readonly adminUser = 'admin';
  readonly adminPassword: string;
  readonly #url: string;
  readonly #stop: () => Promise<void>;

  private constructor(
    address: { host: string; url: string; adminPassword: string },
    stop: () => Promise<void>,
  ) {
    const { host, url, adminPassword } = address;
    this.host = host;
    this.port = Number(new URL(url).port);
    this.adminPassword = adminPassword;
    this.#url = url;
    this.#stop = stop;
  }

  /** `host`: where pods, and this machine, reach it. */
  static async start(host: string, adminPassword: string): Promise<OutsideServer> {
    const { server } = await testServer({ open: true });
    const outside = new OutsideServer({ host, url: server.url, adminPassword }, () =>
      server.stop(),
    );
    await outside.query(`CREATE ROLE admin LOGIN CREATEROLE CREATEDB PASSWORD '${adminPassword}'`);
    return outside;
  }

  /** A database of an owner of its own; its connection string. */
  async database(name: string, password: string): Promise<string> {
    await this.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${password}'`);
    await this.query(`CREATE DATABASE ${name} OWNER ${name}`);
    return `postgresql://${name}:${password}@${this.host}:${this.port}/${name}?sslmode=disable`;
  }

  /** Rows of a statement, as the superuser. */
  async query<T = Record<string, unknown>>(sql: string): Promise<T[]> {
    const url = new URL(this.#url);
    url.pathname = '/postgres';
    const client = await openClient(url.href, 'podline-e2e');
    try {
      return (await client.query(sql)).rows as T[];
    } finally {
      await client.end();
    }
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}
