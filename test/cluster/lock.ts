/**
 * One process at a time brings the cluster up or down. The lock is a socket name of the kernel: it is gone with its
 * holder, however that ends, and who waits is told by the closed connection.
 */
import { once } from 'node:events';
import net from 'node:net';
import { CACHE, say } from './command.ts';

export async function locked<T>(name: string, action: () => Promise<T>): Promise<T> {
  const address = `\0podline-test:${CACHE}:${name}`;
  const waiting = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    waiting.add(
      socket
        .on('error', () => {})
        .on('close', () => waiting.delete(socket))
        .resume(),
    );
  });
  while (!(await listens(server, address))) {
    say(`another process works on the ${name}, waiting for it`);
    const holder = net.connect(address).resume();
    await once(holder, 'close').catch(() => {});
  }
  try {
    return await action();
  } finally {
    server.close();
    for (const socket of waiting) socket.destroy();
  }
}

async function listens(server: net.Server, address: string): Promise<boolean> {
  try {
    await once(server.listen(address), 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}
