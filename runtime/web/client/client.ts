/**
 * The typed client of the REST API: paths, bodies and answers are those of the OpenAPI document (api.d.ts). An answer that
 * is an error is thrown as ApiError with the code, the words and the remedy that the webserver told. Used by the CLI
 * against a webserver elsewhere.
 */
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './api.d.ts';
import { ApiError, problemOf } from './apiError.ts';

export { ApiError };

export type ApiClient = Client<paths>;
export type Schemas = components['schemas'];

export interface ApiClientOptions {
  /** Of the webserver, such as https://podline.example; below a path works, too. */
  server: string;
  /** API token. */
  token?: string;
  fetch?: (request: Request) => Promise<Response>;
}

export function openClient({ server, token, fetch }: ApiClientOptions): ApiClient {
  const client = createClient<paths>({
    baseUrl: server.replace(/\/+$/, ''),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    ...(fetch && { fetch }),
  });
  client.use(throwing);
  return client;
}

const throwing: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    throw new ApiError(response.status, await problemOf(response));
  },
};
