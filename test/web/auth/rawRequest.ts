/** A request written by hand, for what no client would send. */
import { once } from 'node:events';
import net from 'node:net';

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** `lines`: request line and headers. Status 0: the connection was closed without an answer. */
export async function rawRequest(
  port: number,
  lines: string[],
  body = '',
  host = `localhost:${port}`,
): Promise<RawAnswer> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(socket, 'close');
  const hasHost = lines.some((line) => /^host:/i.test(line));
  const head = [...lines, ...(hasHost ? [] : [`Host: ${host}`]), 'Connection: close'];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  await closed;
  const text = Buffer.concat(chunks).toString();
  const [start = '', ...rest] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(start)?.[1] ?? 0),
    head: start,
    body: rest.join('\r\n\r\n'),
  };
}
