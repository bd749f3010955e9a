/**
 * What schemathesis is let loose on: a webserver over a database in which a little of everything has happened, an API token
 * of an administrator, and names of what there is, so that random requests reach something. Used by schemathesis.test.ts.
 */
import { bash, dag } from 'podline/dag';
import { createToken } from '../../../runtime/commands/tokens.ts';
import { addUser } from '../../../runtime/commands/users.ts';
import { openLog } from '../../../runtime/observe/log.ts';
import { TestEngine } from '../../../runtime/testing/engine.ts';
import { WebServer } from '../../../runtime/web/webServer.ts';
import type { Grant } from '../../../src/model/access.ts';
import { registerSales } from './site.ts';

export type Names = Record<string, (string | number)[]>;

export interface Attacked {
  base: string;
  token: string;
  engine: TestEngine;
  /** By place and name of a parameter: what there is. */
  names: Names;
  /** For these operations instead, and nothing that other answers name. */
  namesOf: Record<string, Names>;
  close(): Promise<void>;
}

const ADMIN: Grant[] = [{ role: 'admin' }];
/** Far from the numbers that anybody guesses: nobody shall revoke the token that asks. */
const OWN_ID = 7_654_321;

export async function openAttacked(): Promise<Attacked> {
  const engine = await TestEngine.open();
  await happen(engine);
  const others = await Promise.all(['bob', 'eve'].map((name) => makeUser(engine, name)));
  for (const table of ['user', 'api_token']) {
    await engine.database.query(
      `SELECT setval(pg_get_serial_sequence('podline.${table}', 'id'), ${OWN_ID})`,
    );
  }
  const { token } = await makeUser(engine, 'ada');
  const web = await WebServer.open({
    url: engine.testDatabase.url,
    port: 0,
    host: '127.0.0.1',
    log: openLog('error'),
  });
  return {
    base: `http://127.0.0.1:${web.port}`,
    token,
    engine,
    names: {
      'path.dagId': ['sales'],
      'path.runId': ['done', 'broken', 'open'],
      'path.taskId': ['report'],
      'path.mapIndex': [-1],
      'path.number': [1],
      'path.version': [1, 2],
      'path.from': [1],
      'path.to': [1, 2],
      'path.name': ['night', 'empty'],
      'path.key': ['colour', 'zebra'],
      'path.userId': others.map(({ userId }) => userId),
      'path.tokenId': others.map(({ tokenId }) => tokenId),
      'query.name': ['team'],
      'body.pool': ['night', 'default_pool'],
      'body.from': ['2026-01-01T00:00:00Z'],
      'body.to': ['2026-01-01T05:00:00Z'],
      'body.logicalDate': ['2026-01-01T03:00:00Z'],
    },
    namesOf: {
      createBackfill: { 'path.dagId': ['hourly'] },
      changeTask: { 'path.dagId': ['stuck'], 'path.runId': ['open'] },
      // The token that asks is in the list of tokens, and must not be found there.
      revokeToken: {},
      // Of an attempt that runs there may be nothing to stream for minutes.
      followLog: { 'path.runId': ['done', 'broken'] },
    },
    async close() {
      await web.close();
      await engine.close();
    },
  };
}

/** Runs in all states, logs, outputs, stores and trouble: little of each. */
async function happen(engine: TestEngine): Promise<void> {
  const { database } = engine;
  await registerSales(engine);
  await registerSales(engine, true);
  await database.query(
    `INSERT INTO podline.pool (name, slots) VALUES ('night', 3), ('empty', 1), ('full', 0)`,
  );
  const nothing = bash({ script: 'true' });
  const hourly = { schedule: '@hourly', startDate: '2026-01-01' };
  await engine.register(
    dag('hourly', hourly, (d) => void d.task('report', nothing)),
    dag('stuck', {}, (d) => void d.task('report', nothing, { pool: 'full' })),
  );
  await engine.run('stuck', { runId: 'open' });
  engine.script('report', { output: { rows: 3 } });
  await engine.run('sales', { runId: 'done' });
  await engine.run('hourly', { runId: 'done' });
  engine.script('report', { fails: 'exit_code', exitCode: 1, message: 'no rows' });
  await engine.run('sales', { runId: 'broken' });
  engine.script('each', 'hang');
  await engine.run('sales', { runId: 'open' });
  // What has ended is over for good.
  await engine.advance('1h');
  await database.query(
    `INSERT INTO podline.log_chunk (attempt_id, seq, content) SELECT id, 0, E'one\\ntwo\\n' FROM podline.attempt`,
  );
  await database.query(
    `INSERT INTO podline.variable (key, value, description) VALUES ('colour', '"red"', 'a colour'), ('zebra', '1', NULL)`,
  );
  await database.query(
    `INSERT INTO podline.build_error (source, errors)
     SELECT source, '[{"source":"x","file":"x.ts","line":3,"column":1,"code":"build.failed","message":"no","remedy":"mend"}]'
       FROM podline.dag`,
  );
}

async function makeUser({ database }: TestEngine, name: string) {
  const { user } = await addUser(database, { name, grants: ADMIN }, 'test');
  const { userId } = user;
  const made = await createToken(database, {
    user: { userId, name, grants: ADMIN },
    name: 'schemathesis',
    scopes: ADMIN,
    days: 30,
  });
  return { userId, ...made };
}
