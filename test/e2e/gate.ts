/**
 * A door on this machine at which scripts of tasks wait: how many are there says how many run, and opening it ends them.
 * No test waits for time to pass.
 */
import { once } from 'node:events';
import net from 'node:net';
import { until } from './deployed.ts';

export class Gate {
  readonly #server: net.Server;
  readonly #host: string;
  readonly #waiting = new Set<net.Socket>();
  /** All that ever came. */
  arrived = 0;

  private constructor(server: net.Server, host: string) {
    this.#server = server;
    this.#host = host;
  }

  /** `host`: where pods reach this machine. */
  static async open(host: string): Promise<Gate> {
    const server = net.createServer();
    const gate = new Gate(server, host);
    server.on('connection', (socket) => {
      gate.arrived += 1;
      gate.#waiting.add(socket);
      socket.on('error', () => {}).on('close', () => gate.#waiting.delete(socket));
      socket.resume();
    });
    await once(server.listen(0, '0.0.0.0'), 'listening');
    return gate;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** For a script: arrive, wait for a line, go on. A door that is gone is a failure. */
  get script(): string {
    const { port } = this.#server.address() as net.AddressInfo;
    return `exec 3<>/dev/tcp/${this.#host}/${port}; read -r line <&3; echo "$line"`;
  }

  async full(count: number, seconds: number): Promise<void> {
    await until(`${count} tasks at the gate`, seconds, async () => this.waiting >= count);
  }

  /** Lets all go who wait. */
  release(): void {
    for (const socket of this.#waiting) socket.end('go\n');
  }

  close(): void {
    for (const socket of this.#waiting) socket.destroy();
    this.#server.close();
  }
}
