/** The upgrades of a saved installation that are looked at: the package alone, and with it the image. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Change } from '../e2e/pulumiStack.ts';
import { textOf } from './changes.ts';
import { type Installation, NEXT_IMAGE, SAVED } from './installation.ts';

export interface Upgrades {
  package: Change[];
  image: Change[];
}

export async function upgradesOf({ stack }: Installation): Promise<Upgrades> {
  const { changes } = await stack.preview();
  const next = await stack.preview('--config', `image=${NEXT_IMAGE}`);
  return { package: changes, image: next.changes };
}

export function upgradesText(upgrades: Upgrades): string {
  return `The new package under the same program:
${textOf(upgrades.package)}
With the new image:
${textOf(upgrades.image)}`;
}

export function changesFile(version: string): string {
  return path.join(SAVED, version, 'changes.txt');
}

export async function writeUpgrades(version: string, upgrades: Upgrades): Promise<void> {
  await fs.writeFile(changesFile(version), upgradesText(upgrades));
}
