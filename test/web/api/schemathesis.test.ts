/**
 * Thousands of requests made from the OpenAPI document, good and bad ones, over all routes: none may be answered with a
 * 5xx, or with anything that the document does not say.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bash, dag } from 'podline/dag';
import { needs, schemathesis } from '../../tools/tools.ts';
import { packedBuild } from '../packedBuild.ts';
import { type Attacked, type Names, openAttacked } from './schemathesis.ts';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];
const SEED = 1;
/** For each route, beside those of its edges. */
const MOST_EXAMPLES = 20;
const PATIENCE_MS = 240_000;

describe('the API and its OpenAPI document', function () {
  this.timeout(PATIENCE_MS + 60_000);
  const closing: (() => Promise<void>)[] = [];
  let attacked: Attacked;
  let folder: string;
  before(async function () {
    await needs(this, schemathesis);
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-test-'));
    closing.push(() => fs.rm(folder, { recursive: true }));
    attacked = await openAttacked();
    closing.push(() => attacked.close());
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('agree, whatever schemathesis sends', async () => {
    const began = performance.now();
    const report = path.join(folder, 'report.ndjson');
    const { code, output } = await attack(report);
    assert.equal(code, 0, output);
    const statuses = readReport(await fs.readFile(report, 'utf8'));

    const reached = [...statuses].filter(([, seen]) => [...seen.keys()].some((one) => one < 400));
    const requests = [...statuses.values()].flatMap((seen) => [...seen.values()]);
    const total = requests.reduce((sum, count) => sum + count, 0);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(
      `      ${total} requests to ${statuses.size} routes in ${seconds} s; ${reached.length} of them did what they were asked`,
    );
    assert.ok(total > 2_000, `only ${total} requests`);
    assert.equal(statuses.size, await countRoutes());
    // The others need what a token has not: links, passwords, sessions.
    assert.ok(reached.length >= statuses.size - 10, missing(statuses));
    assert.equal((await get('/me')).status, 200, 'the token was good until the end');
  });

  const get = (url: string) =>
    fetch(`${attacked.base}/api/v1${url}`, {
      headers: { authorization: `Bearer ${attacked.token}` },
    });

  async function countRoutes(): Promise<number> {
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: object };
    return Object.values(paths).flatMap((path: object) => Object.keys(path)).length;
  }

  async function attack(report: string): Promise<{ code: unknown; output: string }> {
    const build = path.join(folder, 'build.tar.gz');
    const one = dag('one', {}, (d) => void d.task('load', bash({ script: 'true' })));
    await fs.writeFile(build, await packedBuild(one));
    const config = path.join(folder, 'schemathesis.toml');
    await fs.writeFile(config, settings(attacked));
    const args = [
      ...['--config-file', config, 'run', `${attacked.base}/api/v1/openapi.json`],
      ...['--phases', 'coverage,fuzzing', '--checks', CHECKS.join(',')],
      ...['--max-examples', String(MOST_EXAMPLES), '--no-shrink', '--continue-on-failure'],
      ...['--report', 'ndjson', '--report-ndjson-path', report],
    ];
    const env = { ...process.env, PODLINE_TEST_BUILD: build, PYTHONDONTWRITEBYTECODE: '1' };
    const options = { cwd: folder, env, maxBuffer: 64 << 20, timeout: PATIENCE_MS };
    return new Promise((resolve) => {
      execFile(schemathesis.program, args, options, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, output: stdout + stderr }),
      );
    });
  }
});

/** TOML, whose strings and lists are those of JSON. */
function settings({ token, names, namesOf }: Attacked): string {
  const dictionaries: string[] = [];
  const known = (all: Names) =>
    Object.entries(all).map(([place, values]) => {
      const id = `d${dictionaries.length}`;
      dictionaries.push(`${id} = { values = ${JSON.stringify(values)} }`);
      return `parameters.${JSON.stringify(place)} = { dictionary = "${id}", probability = 0.9 }`;
    });
  return [
    `seed = ${SEED}`,
    `hooks = ${JSON.stringify(path.join(import.meta.dirname, 'schemathesisHooks.py'))}`,
    'max-redirects = 0',
    'request-timeout = 10',
    // Streams go on; what they begin with is looked at.
    'max-stream-events = 1',
    `headers.Authorization = ${JSON.stringify(`Bearer ${token}`)}`,
    'headers.X-Podline-Request = "1"',
    ...known(names),
    ...Object.entries(namesOf).flatMap(([id, own]) => [
      '[[operations]]',
      `include-operation-id = "${id}"`,
      ...known(own),
      // What other answers name would be used, too.
      'phases.coverage.extra-data-sources.responses = false',
      'phases.fuzzing.extra-data-sources.responses = false',
    ]),
    '[dictionaries]',
    ...dictionaries,
  ].join('\n');
}

/** By route: how often which status was answered. */
function readReport(report: string): Map<string, Map<number, number>> {
  const statuses = new Map<string, Map<number, number>>();
  for (const line of report.trim().split('\n')) {
    const { recorder } =
      (JSON.parse(line) as { ScenarioFinished?: Scenario }).ScenarioFinished ?? {};
    for (const { response } of Object.values(recorder?.interactions ?? {})) {
      if (!recorder || !response) continue;
      const seen = statuses.get(recorder.label) ?? new Map<number, number>();
      statuses.set(recorder.label, seen);
      seen.set(response.status_code, (seen.get(response.status_code) ?? 0) + 1);
    }
  }
  return statuses;
}

interface Scenario {
  recorder: {
    label: string;
    interactions?: Record<string, { response: { status_code: number } | null }>;
  };
}

function missing(statuses: Map<string, Map<number, number>>): string {
  const never = [...statuses].filter(([, seen]) => [...seen.keys()].every((one) => one >= 400));
  return `never with success: ${never.map(([label]) => label).join(', ')}`;
}
