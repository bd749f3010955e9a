/**
 * The API of the webserver below /api/v1: one file a resource, JSON, errors as problem+json. The document at
 * /api/v1/openapi.json is made from the same schemas that check requests and answers.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Log } from '../../observe/log.ts';
import { VERSION } from '../../version.ts';
import { serveAuth } from './auth.ts';
import { serveDagChanges } from './changeDags.ts';
import { serveRunChanges } from './changeRuns.ts';
import { serveStoreChanges } from './changeStores.ts';
import { serveCharts } from './charts.ts';
import { serveDags } from './dags.ts';
import { serveDeploy } from './deploy.ts';
import { tellErrors } from './errors.ts';
import { serveEvents } from './events.ts';
import { serveGraph } from './graph.ts';
import { serveGrid } from './grid.ts';
import { serveHealth } from './health.ts';
import { serveLogs } from './logs.ts';
import { serveLogStream } from './logStream.ts';
import { serveMe } from './me.ts';
import { serveOidc } from './oidc.ts';
import { serveOverview } from './overview.ts';
import { API_PREFIX } from './prefix.ts';
import { serveRecords } from './records.ts';
import type { ApiContext } from './route.ts';
import { serveRuns } from './runs.ts';
import { openStreams } from './sse.ts';
import { serveStores } from './stores.ts';
import { serveTasks } from './tasks.ts';
import { serveXComs } from './xcoms.ts';
import { serveTokens } from './tokens.ts';
import { serveUsers } from './users.ts';
import { serveVersions } from './versions.ts';
import { serveWorkers } from './workers.ts';
// A stream has no schema in its route; what it says is in the document all the same.
import './schema/events.ts';

export function serveApi(server: FastifyInstance, context: ApiContext, log: Log): void {
  server.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      tellErrors(api, log);
      // JSON alone: other sites can send plain text without being asked for it first.
      api.removeContentTypeParser('text/plain');
      await api.register(swagger, {
        openapi: {
          openapi: '3.1.0',
          info: {
            title: 'Podline',
            version: VERSION,
            description: 'Runs, tasks, logs and everything else that the web pages show and do.',
          },
          components: {
            securitySchemes: {
              token: { type: 'http', scheme: 'bearer' },
              session: { type: 'apiKey', in: 'cookie', name: '__Host-podline' },
            },
          },
          security: [{ token: [] }, { session: [] }],
        },
        transform: jsonSchemaTransform,
        transformObject: jsonSchemaTransformObject,
      });
      serveHealth(api, context);
      serveMe(api, context);
      serveAuth(api, context);
      serveOidc(api, context);
      serveUsers(api, context);
      serveTokens(api, context);
      const streams = openStreams(api);
      serveOverview(api, context);
      serveDags(api, context);
      serveGrid(api, context);
      serveGraph(api, context);
      serveRuns(api, context);
      serveTasks(api, context);
      serveXComs(api, context);
      serveLogs(api, context);
      serveLogStream(api, context, streams);
      serveEvents(api, context, streams);
      serveVersions(api, context);
      serveCharts(api, context);
      serveStores(api, context);
      serveWorkers(api, context);
      serveRecords(api, context);
      serveDagChanges(api, context);
      serveRunChanges(api, context);
      serveStoreChanges(api, context);
      serveDeploy(api, context);
      api.get('/openapi.json', { schema: { hide: true }, config: { right: 'public' } }, () =>
        api.swagger(),
      );
    },
    { prefix: API_PREFIX },
  );
}
