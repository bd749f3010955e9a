/** Bodies of requests over slow lines: an upload that goes on is taken, what stands still loses its connection. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { limitArrival } from '../../runtime/observe/arrival.ts';
import { problem } from '../../runtime/observe/httpServer.ts';
import { pause } from '../../runtime/pause.ts';

const LOOK_MS = 300;
const LEAST_BYTES = 100;

describe('the body of a request', () => {
  let server: FastifyInstance;
  let port: number;
  before(async () => {
    server = fastify();
    limitArrival(server, (reply) => void problem(reply, 408), {
      bodyMs: LOOK_MS,
      lookMs: LOOK_MS,
      leastBytes: LEAST_BYTES,
    });
    server.addContentTypeParser('text/x', { parseAs: 'string' }, (_request, body, done) => {
      done(null, body);
    });
    const handler = ({ body }: { body: unknown }) => `took ${String(body).length}`;
    server.post('/small', handler);
    server.post('/upload', { config: { slowBody: true } }, handler);
    const onRequest = () => Promise.reject(Object.assign(new Error('no'), { statusCode: 403 }));
    server.post('/refused', { config: { slowBody: true }, onRequest }, handler);
    await server.listen({ port: 0, host: '127.0.0.1' });
    const address = server.server.address();
    assert.ok(typeof address === 'object' && address);
    port = address.port;
  });
  after(() => server.close());

  /** Sends the head and pieces with a pause behind each; what came back until the connection ended. */
  async function send(path: string, pieces: string[], pauseMs: number, length?: number) {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close').then(() => true);
    const size = length ?? pieces.join('').length;
    const connection = length === undefined ? 'connection: close\r\n' : '';
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\n${connection}content-type: text/x\r\ncontent-length: ${size}\r\n\r\n`,
    );
    for (const piece of pieces) {
      if (socket.writable) socket.write(piece);
      await pause(pauseMs, new AbortController().signal);
    }
    await closed;
    return answer;
  }

  it('of an upload may take longer than any other, as long as it goes on', async () => {
    const pieces = Array.from({ length: 10 }, () => 'x'.repeat(LEAST_BYTES));
    assert.match(await send('/upload', pieces, LOOK_MS / 3), /200 OK[^]*took 1000$/);
  });

  it('of an upload that stands still, or creeps, is not waited for', async () => {
    assert.match(await send('/upload', ['x'.repeat(500)], 0, 1000), /^HTTP\/1.1 408/);
    const drops = Array.from({ length: 20 }, () => 'x');
    assert.match(await send('/upload', drops, LOOK_MS / 10, 1000), /^HTTP\/1.1 408/);
  });

  it('of anything else has to come at once', async () => {
    assert.match(await send('/small', ['x'.repeat(10)], 0), /200 OK[^]*took 10$/);
    const pieces = Array.from({ length: 10 }, () => 'x'.repeat(LEAST_BYTES));
    assert.match(await send('/small', pieces, LOOK_MS / 3), /^HTTP\/1.1 408/);
  });

  it('that was refused keeps no connection', async () => {
    const answer = await send('/refused', ['x'], 0, 1000);
    assert.match(answer, /^HTTP\/1.1 403/);
  });
});
