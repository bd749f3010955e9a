/**
 * Serves the pages that Vite built: files with a hash in their name for ever, everything else as the one page, which reads
 * the address itself. Says how to build them where they are missing.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problem } from '../observe/httpServer.ts';

/** Beside this file in a package; in a checkout, where `npm install` put them. */
const FOLDERS = [
  path.join(import.meta.dirname, 'public'),
  path.join(import.meta.dirname, '../../dist/runtime/web/public'),
];
const OURS = /^\/(api|healthz|readyz|metrics)(\/|$)/;
/** Ids of runs have dots, too, so an ending alone says nothing. */
const FILES = /^\/(assets\/.*|[^/]+\.\w+)$/;
const YEAR_SECONDS = 31_536_000;

export function servePages(server: FastifyInstance): void {
  const root = FOLDERS.find((folder) => existsSync(path.join(folder, 'index.html')));
  const page = root === undefined ? null : readFileSync(path.join(root, 'index.html'), 'utf8');
  if (root !== undefined) {
    server.register(async (pages) => {
      // Files of the package, for everybody; signing in is one of these pages.
      pages.addHook('onRoute', (route) => {
        route.config = { ...route.config, page: true };
      });
      await pages.register(fastifyStatic, {
        root,
        wildcard: false,
        cacheControl: false,
        setHeaders(reply, file) {
          const isHashed = file.includes(`${path.sep}assets${path.sep}`);
          reply.header(
            'cache-control',
            isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
          );
        },
      });
    });
  }
  server.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, 'http://podline');
    const isPage = request.method === 'GET' && !OURS.test(pathname) && !FILES.test(pathname);
    if (!isPage) return problem(reply, 404);
    if (page === null) {
      return problem(reply, 404, 'The pages are not built: run `npm run build`.');
    }
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
  });
}
