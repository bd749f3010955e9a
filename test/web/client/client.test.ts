/** The generated types are those of the routes, and an answer that is an error reaches the caller whole. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { ApiError, openClient } from '../../../runtime/web/client/client.ts';

/** JavaScript, because it is no part of the package. */
interface Generator {
  CLIENT_TYPES: string;
  clientTypes(): Promise<string>;
}

function answering(status: number, body: string, seen: Request[] = []) {
  return async (request: Request) => {
    seen.push(request);
    return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } });
  };
}

describe('client of the API', () => {
  it('has the types of the present routes', async function () {
    this.timeout(60_000);
    const path = '../../../runtime/packaging/generateClient.js';
    const { CLIENT_TYPES, clientTypes } = (await import(path)) as Generator;
    const isFresh = (await fs.readFile(CLIENT_TYPES, 'utf8')) === (await clientTypes());
    assert.ok(isFresh, 'run `npm run generate` and commit runtime/web/client/api.d.ts');
  });

  it('sends the token, and asks below the path of the server', async () => {
    const seen: Request[] = [];
    const fetch = answering(200, '{"items":[],"next":null}', seen);
    const client = openClient({ server: 'http://podline.test/team/', token: 'secret', fetch });
    const { data } = await client.GET('/api/v1/dags', { params: { query: { q: 'a b' } } });
    assert.deepEqual(data, { items: [], next: null });
    assert.equal(seen[0]?.url, 'http://podline.test/team/api/v1/dags?q=a%20b');
    assert.equal(seen[0].headers.get('authorization'), 'Bearer secret');
  });

  it('throws the code, the words and the remedy of an error', async () => {
    const problem = {
      status: 404,
      code: 'not_found.dag',
      detail: 'There is none.',
      remedy: 'Look.',
    };
    const client = openClient({
      server: 'http://podline.test',
      fetch: answering(404, JSON.stringify(problem)),
    });
    await assert.rejects(client.GET('/api/v1/pools'), (error) => {
      assert.ok(error instanceof ApiError);
      const { status, code, detail, remedy } = error;
      assert.deepEqual({ status, code, detail, remedy }, problem);
      return true;
    });
  });

  it('says the status where something else answered', async () => {
    const fetch = answering(502, '<html>Bad gateway</html>');
    await assert.rejects(
      openClient({ server: 'http://podline.test', fetch }).GET('/api/v1/pools'),
      {
        name: 'ApiError',
        status: 502,
        message: 'the answer is 502',
      },
    );
  });
});
