/** The images of the tests, and their way into the cluster: imported, loaded by a command, or asked for loudly. Called by the harness. */
import crypto from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Api } from '../api.ts';
import { CACHE, run, step } from '../command.ts';
import { BUSYBOX_IMAGE, busyboxArchive, NODE_IMAGE, nodeArchive } from './build.ts';
import { PODLINE_IMAGE, podlineArchive } from './podline.ts';

export interface Images {
  /** Node on a minimal Debian. */
  node: string;
  busybox: string;
  /** The runtime image, from this checkout. */
  podline: string;
}

export const IMAGES: Images = {
  node: NODE_IMAGE,
  busybox: BUSYBOX_IMAGE,
  podline: PODLINE_IMAGE,
};

/** The name of an image, and its archive, which is made when it is not there. */
export type ImageSource = readonly [name: string, archive: () => Promise<string>];

/** What every test of the cluster may use. */
export const STANDARD: readonly ImageSource[] = [
  [NODE_IMAGE, nodeArchive],
  [BUSYBOX_IMAGE, busyboxArchive],
  [PODLINE_IMAGE, podlineArchive],
];

/**
 * `own.load` imports an archive into our own cluster, whose folder is `own.state`. Into others the command of
 * PODLINE_TEST_LOAD_IMAGE does, with the file as its last word: "kind load image-archive". Without it they must be there.
 */
export async function provideImages(
  api: Api,
  own: { state: string; load(file: string): Promise<unknown> } | null,
  images: readonly ImageSource[],
): Promise<void> {
  const command = process.env.PODLINE_TEST_LOAD_IMAGE;
  const load =
    own !== null
      ? own.load
      : command !== undefined
        ? (file: string) => run('sh', ['-c', `${command} "$0"`, file])
        : null;
  if (load === null) {
    await mustBeThere(api, images);
    return;
  }
  // The name of an image says nothing about what is in it: the archives that went in are noted.
  const notes = path.join(own?.state ?? path.join(CACHE, 'others', digest(api.server)), 'loaded');
  await fs.mkdir(notes, { recursive: true });
  for (const [name, archive] of images) {
    const file = await archive();
    const note = path.join(notes, path.basename(file));
    if (existsSync(note)) continue;
    await step(`loading ${name}`, () => load(file));
    await fs.writeFile(note, '');
  }
}

interface Nodes {
  items: { status: { images?: { names: string[] }[] } }[];
}

async function mustBeThere(api: Api, images: readonly ImageSource[]): Promise<void> {
  const { items } = await api.call<Nodes>('GET', '/api/v1/nodes');
  // As kubelets report them, within a minute.
  const present = new Set(
    items.flatMap(({ status }) => (status.images ?? []).flatMap(({ names }) => names)),
  );
  const missing = images.map(([name]) => name).filter((name) => !present.has(name));
  if (missing.length === 0) return;
  throw new Error(
    `no node of the cluster ${api.server} has ${missing.join(', ')}: set PODLINE_TEST_LOAD_IMAGE to the command that loads an archive there, such as "kind load image-archive"`,
  );
}

function digest(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex').slice(0, 12);
}
