/**
 * The way from pods to the database, which a test shuts: a TCP proxy on all addresses of this machine. Opened by tests
 * of this folder; `lead` sends the workers of a namespace through it.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { Rig } from '../rig.ts';

export class Door {
  readonly #server: net.Server;
  readonly #pairs = new Set<net.Socket>();
  #shut = false;
  /** Connections that were turned away since it was shut. */
  turnedAway = 0;

  private constructor(target: URL) {
    this.#server = net.createServer((outside) => this.#accept(outside, target));
  }

  static async open(url: string): Promise<Door> {
    const door = new Door(new URL(url));
    door.#server.listen(0, '0.0.0.0');
    await once(door.#server, 'listening');
    return door;
  }

  /** Workers of the rig's namespaces that begin from now on come through here. */
  async lead(rig: Rig): Promise<void> {
    const url = new URL(rig.workerUrl);
    url.port = String((this.#server.address() as net.AddressInfo).port);
    for (const namespace of rig.namespaces) {
      const secret = `/api/v1/namespaces/${namespace}/secrets/podline-worker-database`;
      await rig.cluster.api.call('PATCH', secret, { stringData: { url: url.href } });
    }
  }

  /** Cuts every connection and turns new ones away. */
  shut(): void {
    this.#shut = true;
    this.turnedAway = 0;
    for (const socket of this.#pairs) socket.resetAndDestroy();
  }

  heal(): void {
    this.#shut = false;
  }

  close(): void {
    this.shut();
    this.#server.close();
  }

  #accept(outside: net.Socket, target: URL): void {
    outside.on('error', () => {});
    if (this.#shut) {
      this.turnedAway += 1;
      outside.resetAndDestroy();
      return;
    }
    const inside = net.connect(Number(target.port), target.hostname);
    inside.on('error', () => outside.destroy()).on('close', () => outside.destroy());
    outside.on('close', () => {
      this.#pairs.delete(outside);
      inside.destroy();
    });
    this.#pairs.add(outside);
    outside.pipe(inside).pipe(outside);
  }
}
