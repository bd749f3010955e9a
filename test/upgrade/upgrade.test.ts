/**
 * What a newer package does to the installation of an older one, in previews of the real engine: nothing that holds
 * data goes or is made anew, and everything else that changes is written down beside the saved state.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { needsPlugin } from '../e2e/tools.ts';
import { componentNames } from '../schema/analyze.ts';
import { pulumi } from '../tools/pulumi.ts';
import { needs } from '../tools/tools.ts';
import { losses } from './changes.ts';
import { presentVersion, restore, SAVED, savedVersions } from './installation.ts';
import { changesFile, type Upgrades, upgradesOf, upgradesText } from './upgrades.ts';

const versions = await savedVersions();

describe('upgrade of an installation', function () {
  this.timeout(120_000);

  before(async function () {
    await needs(this, pulumi);
    await needsPlugin(this, 'kubernetes');
  });

  it('is looked at from this version on, with every component', async () => {
    const version = await presentVersion();
    assert.ok(
      versions.includes(version),
      `save ${version}: node --conditions=podline-source test/upgrade/record.ts`,
    );
    const state = await fs.readFile(path.join(SAVED, version, 'state.json'), 'utf8');
    const missing = (await componentNames()).filter(
      (name) => !state.includes(`"type":"podline:index:${name}"`),
    );
    assert.deepEqual(missing, [], 'program/index.ts has them not');
  });

  for (const version of versions) {
    describe(`made by ${version}`, () => {
      let upgrades: Upgrades;
      before(async () => {
        await using installation = await restore(version);
        upgrades = await upgradesOf(installation);
      });

      it('takes nothing away and replaces nothing that holds data', () => {
        assert.deepEqual(losses(upgrades.package), []);
        assert.deepEqual(losses(upgrades.image), []);
      });

      it('changes what is written down', async () => {
        const hint = 'look at the difference; then test/upgrade/record.ts --changes writes it down';
        const written = await fs.readFile(changesFile(version), 'utf8');
        assert.equal(upgradesText(upgrades), written, hint);
      });
    });
  }

  it('would be seen to take something away', async () => {
    await using installation = await restore(versions.at(-1)!);
    const { stack } = installation;
    const { changes } = await stack.preview('--config', 'volumeSize=20Gi');
    assert.deepEqual(
      new Set(losses(changes).map(({ type, name }) => `${type} ${name}`)),
      new Set(['kubernetes:apps/v1:StatefulSet etl-database']),
    );
    const program = path.join(stack.options.project, 'index.ts');
    const text = await fs.readFile(program, 'utf8');
    await fs.writeFile(program, text.replace("new Orchestrator('etl'", "new Orchestrator('other'"));
    const lost = losses((await stack.preview()).changes).map(({ op, name }) => `${op} ${name}`);
    for (const name of ['etl', 'etl-database', 'etl-database-password']) {
      assert.ok(lost.includes(`delete ${name}`), name);
    }
  });
});
