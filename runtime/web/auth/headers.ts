/**
 * What browsers are told with every answer: run nothing but our own files, show us in no frame, guess no content types.
 * Answers of the API may do nothing at all, should one ever be opened as a page.
 */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const NONE = ["'none'"];
const SELF = ["'self'"];

const HALF_A_YEAR_SECONDS = 15_552_000;

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox";

export function sendHeaders(server: FastifyInstance, publicUrl: URL | null): void {
  void server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: SELF,
        // Mantine sets colours and sizes by style attributes.
        styleSrc: [...SELF, "'unsafe-inline'"],
        imgSrc: [...SELF, 'data:'],
        // The layout of graphs is worked out beside the page.
        workerSrc: [...SELF, 'blob:'],
        objectSrc: NONE,
        baseUri: NONE,
        formAction: SELF,
        frameAncestors: NONE,
      },
    },
    // Only where everybody comes by https; other hosts of the domain are not ours to decide.
    strictTransportSecurity:
      publicUrl?.protocol === 'https:'
        ? { maxAge: HALF_A_YEAR_SECONDS, includeSubDomains: false }
        : false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    if (request.url.startsWith('/api/')) reply.header('content-security-policy', API_POLICY);
    done();
  });
}
