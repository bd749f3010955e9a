/**
 * Saves the installation of program/ as this version of the package makes it, for the upgrades of all later ones; run
 * before each release. Then writes down what the present package would change in each saved installation. With
 * `--changes` only the latter.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import {
  exported,
  install,
  presentVersion,
  PROGRAM,
  restore,
  SAVED,
  savedVersions,
} from './installation.ts';
import { upgradesOf, writeUpgrades } from './upgrades.ts';

if (!process.argv.includes('--changes')) {
  const folder = path.join(SAVED, await presentVersion());
  await using installation = await install(PROGRAM);
  await installation.stack.up();
  await fs.rm(folder, { recursive: true, force: true });
  await fs.cp(PROGRAM, folder, { recursive: true });
  await fs.writeFile(path.join(folder, 'state.json'), await exported(installation.stack));
  console.log(`saved ${folder}`);
}
for (const version of await savedVersions()) {
  await using installation = await restore(version);
  await writeUpgrades(version, await upgradesOf(installation));
  console.log(`wrote what changes in an installation of ${version}`);
}
