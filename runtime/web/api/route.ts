/**
 * How a route of the API is declared: path, right, schemas, answer. One declaration validates, serializes, asks for the
 * right and describes itself in the OpenAPI document. A route without a right cannot be written: nothing is open by
 * accident. Used by every file of api/.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import type { Connections } from '../../connections/connections.ts';
import type { Database } from '../../database/pool.ts';
import {
  allows,
  allowsSomewhere,
  type DagFacts,
  type Identity,
  type Right,
} from '../../../src/model/access.ts';
import type { Auth } from '../auth/auth.ts';
import { depthProblem } from '../../../src/plan/depth.ts';
import { readDagFacts } from '../../database/queries/web/readDagFacts.ts';
import { answersOf, type RawAnswer } from './answers.ts';

export interface ApiContext {
  database: Database;
  auth: Auth;
  /** Of this process: their names alone are told. */
  connections?: Connections;
  /** Where people look at traces, with `{traceId}` in it. */
  traceUrl?: string;
}

export type RouteRight = Right | 'public' | 'signedIn';

type Shape = z.ZodType;

export interface RouteSpec<
  P extends Shape,
  Q extends Shape,
  B extends Shape,
  R extends Shape,
  H extends Shape = Shape,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, with `:names`. */
  path: string;
  /** Name in generated clients; unique. */
  id: string;
  summary: string;
  tag: string;
  /**
   * `public`: nobody has to sign in. Other rights are asked over the DAG of the path (`:dagId`) where there is one, else over
   * the whole installation; `signedIn` asks for nothing more and its handler narrows by `visible(identity)`.
   */
  right: RouteRight;
  /** Monitors may ask as often as they like. */
  unlimited?: boolean;
  /** Asked over some DAG at least, before a body is read; the handler asks for more. */
  somewhere?: Right;
  params?: P;
  query?: Q;
  /** In small letters. */
  headers?: H;
  body?: B;
  /** Instead of JSON the body is a Buffer of this type, and has at most so many bytes. */
  upload?: { type: string; most: number };
  /** Of the answer 200; undefined: 204 without a body. */
  answer?: R;
  /** The handler sends by itself: streams, downloads, redirects. `answer` is then undefined. */
  raw?: RawAnswer;
  handle(request: {
    params: z.output<P>;
    query: z.output<Q>;
    headers: z.output<H>;
    body: z.output<B>;
    /** Nobody only where the right is `public`. */
    identity: Identity;
    dag: DagFacts | undefined;
    request: FastifyRequest;
    reply: FastifyReply;
  }): Promise<z.input<R> | undefined>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by web/auth before any route is reached. */
    identity: Identity | null;
    /** The one of the path, which who asks may see. */
    dag: DagFacts | undefined;
  }
  interface FastifyContextConfig {
    right?: RouteRight;
  }
}

export function route<
  P extends Shape,
  Q extends Shape,
  B extends Shape,
  R extends Shape,
  H extends Shape,
>(api: FastifyInstance, { database }: ApiContext, spec: RouteSpec<P, Q, B, R, H>): void {
  const { method, path, id, summary, tag, right, params, query, headers, body, answer, raw } = spec;
  const { upload, unlimited, somewhere } = spec;
  api.withTypeProvider<ZodTypeProvider>().route({
    method,
    url: path,
    config: { right, unlimited, slowBody: upload !== undefined },
    ...(upload && { bodyLimit: upload.most }),
    schema: {
      operationId: id,
      summary,
      tags: [tag],
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(headers && { headers }),
      ...(body && { body }),
      ...(upload && { consumes: [upload.type] }),
      ...(right === 'public' && { security: [] }),
      response: answersOf(answer, raw),
    },
    // Before a body is read, and before anybody learns what the schemas would have said.
    async onRequest(request) {
      const { dagId } = request.params as { dagId?: string };
      request.dag = await permit(database, request.identity, right, dagId);
      if (somewhere && !(request.identity && allowsSomewhere(request.identity, somewhere))) {
        throw new PodlineError('auth.forbidden', { right: somewhere });
      }
    },
    preValidation(request, _reply, done) {
      const reason = depthProblem(request.body);
      done(reason === undefined ? undefined : new PodlineError('request.bad', { reason }));
    },
    async handler(request, reply) {
      const result = await spec.handle({
        params: request.params as z.output<P>,
        query: request.query as z.output<Q>,
        headers: request.headers as z.output<H>,
        body: request.body as z.output<B>,
        identity: request.identity as Identity,
        dag: request.dag,
        request,
        reply,
      });
      if (raw !== undefined) return reply;
      if (answer === undefined) return reply.code(204).send(undefined);
      return result;
    },
  });
}

/** A DAG that may not be seen does not exist for who asks: 404, not 403. */
async function permit(
  database: Database,
  identity: Identity | null,
  right: RouteRight,
  dagId: string | undefined,
): Promise<DagFacts | undefined> {
  if (right === 'public') return undefined;
  if (!identity) throw new PodlineError('auth.needed', {});
  if (dagId === undefined) {
    if (right !== 'signedIn' && !allows(identity, right)) {
      throw new PodlineError('auth.forbidden', { right });
    }
    return undefined;
  }
  const [dag] = await readDagFacts(database, [dagId]);
  if (!dag || !allows(identity, 'view', dag))
    throw new PodlineError('not_found.dag', { dag: dagId });
  if (right !== 'signedIn' && !allows(identity, right, dag)) {
    throw new PodlineError('auth.forbidden', { right });
  }
  return dag;
}
