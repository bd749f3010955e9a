/**
 * What really ran, told by nobody in Podline: programs of tasks hold a connection to the test for as long as one of
 * their processes lives, the kernel ends it whatever kills them. Used by the tests of this folder.
 */
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';

export interface LedgerEntry {
  name: string;
  /** By the clock of the test, in milliseconds. */
  from: number;
  /** Null: it lives. */
  to: number | null;
  /** What it said after its name. */
  said: string[];
}

export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly #server: net.Server;
  readonly #host: string;
  readonly #sockets = new Set<net.Socket>();

  private constructor(server: net.Server, host: string) {
    this.#server = server;
    this.#host = host;
    server.on('connection', (socket) => this.#take(socket));
  }

  /** `host`: at which pods reach this machine. */
  static async open(host: string): Promise<Ledger> {
    const server = net.createServer();
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    return new Ledger(server, host);
  }

  /** Lines of bash: sets `nth`, from 1, and leaves descriptor 3 open, to which more may be said. */
  enter(name: string): string {
    const { port } = this.#server.address() as net.AddressInfo;
    return `exec 3<>/dev/tcp/${this.#host}/${port}; echo ${name} >&3; read -r nth <&3`;
  }

  of(name: string): LedgerEntry[] {
    return this.entries.filter((entry) => entry.name === name);
  }

  get living(): number {
    return this.entries.filter(({ to }) => to === null).length;
  }

  /** Milliseconds in which more than one of this name lived. */
  overlap(name: string): number {
    const sorted = this.of(name).sort((a, b) => a.from - b.from);
    let [sum, end] = [0, 0];
    for (const { from, to } of sorted) {
      const until = to ?? performance.now();
      sum += Math.max(0, Math.min(end, until) - from);
      end = Math.max(end, until);
    }
    return sum;
  }

  /** A line for everybody who waits for one. */
  release(): void {
    for (const socket of this.#sockets) socket.write('go\n');
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #take(socket: net.Socket): void {
    this.#sockets.add(socket);
    let entry: LedgerEntry | undefined;
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      if (entry) {
        entry.said.push(line);
        return;
      }
      entry = { name: line, from: performance.now(), to: null, said: [] };
      this.entries.push(entry);
      socket.write(`${this.of(line).length}\n`);
    });
    lines.on('error', () => {});
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (entry) entry.to = performance.now();
    });
  }
}
