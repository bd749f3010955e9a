/** http: one request; a status that is not expected fails the attempt. */
import type { Json } from '../plan/plan.ts';
import type { CommonDefinition, Operator, OutputType } from './operator.ts';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

export interface HttpDefinition<Body> extends CommonDefinition {
  /** Absolute, or a path below the host of `connection`. */
  url: string;
  /** Default GET. */
  method?: (typeof HTTP_METHODS)[number];
  headers?: Record<string, string>;
  /** Text is sent as it is, anything else as JSON. */
  body?: Json;
  connection?: string;
  /** Statuses that count as success. Default: all from 200 to 299. */
  expect?: number | readonly number[];
  /** Type of the response body. */
  output?: OutputType<Body>;
}

/** What an http task hands on. `body` is parsed when the response says that it is JSON. */
export interface HttpResult<Body> {
  status: number;
  headers: Record<string, string>;
  body: Body;
}

/** Config in the plan: { url, method, headers, body?, connection?, expect: number[] } ([] = 2xx). */
export function http<Body = Json>(definition: HttpDefinition<Body>): Operator<HttpResult<Body>> {
  const { url, method = 'GET', headers = {}, body, connection, inputs = {} } = definition;
  const expect = [definition.expect ?? []].flat();
  return {
    operator: 'http',
    config: { url, method, headers, body, connection, expect },
    inputs,
    connections: connection === undefined ? [] : [connection],
    check: () => httpProblems({ url, method, headers, expect }),
  };
}

export function httpProblems(config: {
  url: unknown;
  method?: unknown;
  headers?: unknown;
  expect?: readonly unknown[];
}): string[] {
  const problems: string[] = [];
  if (typeof config.url !== 'string' || config.url === '') problems.push('url must be text');
  if (
    config.method !== undefined &&
    !(HTTP_METHODS as readonly unknown[]).includes(config.method)
  ) {
    problems.push(`method must be one of ${HTTP_METHODS.join(', ')}`);
  }
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      problems.push(`the header name ${JSON.stringify(name)} is not allowed`);
    }
    if (typeof value !== 'string' || /[\r\n\0]/.test(value)) {
      problems.push(`the header ${JSON.stringify(name)} must be text of one line`);
    }
  }
  for (const status of config.expect ?? []) {
    if (!Number.isInteger(status) || (status as number) < 100 || (status as number) > 599) {
      problems.push('expect must be HTTP statuses from 100 to 599');
    }
  }
  return problems;
}
