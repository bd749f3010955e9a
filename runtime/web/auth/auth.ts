/**
 * Everything about signing in that routes and the door share: settings, the provider, cookies of sessions. One for each
 * webserver, made by webServer.ts.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/pool.ts';
import { deleteSession, insertSession } from '../../database/queries/people/sessions.ts';
import type { Log } from '../../observe/log.ts';
import { checkWay, clearCookie, readCookie, setCookie } from './cookies.ts';
import { identify, type Known } from './identify.ts';
import { Oidc } from './oidc.ts';
import { hashSecret, newSecret } from '../../people/secrets.ts';
import type { AuthSettings } from '../../people/settings.ts';

export class Auth {
  readonly settings: AuthSettings;
  readonly oidc: Oidc | null;
  readonly #database: Database;

  constructor(database: Database, settings: AuthSettings, log: Log) {
    this.settings = settings;
    this.oidc = settings.oidc && new Oidc(settings.oidc, log);
    this.#database = database;
  }

  know(request: FastifyRequest): Promise<Known | null> {
    return identify(this.#database, this.settings.oidc, request);
  }

  /** Where browsers see us; for links and for the way back from the provider. */
  baseOf(request: FastifyRequest): string {
    return this.settings.publicUrl?.href ?? `${request.protocol}://${request.host}/`;
  }

  checkWay(request: FastifyRequest): void {
    checkWay(request, this.settings.publicUrl);
  }

  /** A new id at each sign-in; the one that the browser had before is over. */
  async openSession(request: FastifyRequest, reply: FastifyReply, userId: number): Promise<void> {
    const before = readCookie(request, 'podline');
    if (before !== undefined) await deleteSession(this.#database, hashSecret(before));
    const id = newSecret();
    await insertSession(this.#database, hashSecret(id), userId);
    setCookie(request, reply, this.settings.publicUrl, 'podline', id);
  }

  async closeSession(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const id = readCookie(request, 'podline');
    if (id !== undefined) await deleteSession(this.#database, hashSecret(id));
    clearCookie(request, reply, 'podline');
  }
}
