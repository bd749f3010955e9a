/**
 * The typed client of the REST API: paths, bodies and answers are those of the OpenAPI document (api.d.ts). An answer that
 * is an error is thrown as ApiError with the code, the words and the remedy that the webserver told. Used by the CLI
 * against a webserver elsewhere.
 */
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

export type ApiClient = Client<paths>;
export type Schemas = components['schemas'];

export interface ApiClientOptions {
  /** Of the webserver, such as https://podline.example; below a path works, too. */
  server: string;
  /** API token. */
  token?: string;
  fetch?: (request: Request) => Promise<Response>;
}

/** What the webserver refused or could not do. */
export class ApiError extends Error {
  readonly status: number;
  /** Of docs/errors.md; undefined when the answer is none of podline's. */
  readonly code: string | undefined;
  readonly detail: string;
  readonly remedy: string;

  constructor(status: number, problem: Partial<Schemas['Problem']>) {
    const detail = problem.detail ?? problem.title ?? `the answer is ${status}`;
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code;
    this.detail = detail;
    this.remedy = problem.remedy ?? '';
  }
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

async function problemOf(response: Response): Promise<Partial<Schemas['Problem']>> {
  try {
    const problem: unknown = await response.json();
    return typeof problem === 'object' && problem !== null ? problem : {};
  } catch {
    // A proxy in between answers with a page of its own.
    return {};
  }
}
