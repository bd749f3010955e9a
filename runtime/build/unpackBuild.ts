/**
 * A build as it travels: a folder, a tar.gz of one, or pieces of a tar.gz (`bundle.000`, `bundle.001`, ...), because a
 * ConfigMap holds 1 MiB at most. Hands on a folder for readBuild.ts. Archives come from elsewhere: only plain files
 * and folders in them are taken, below a temporary folder, up to a size.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type ReadEntry, UnpackSync } from 'tar';
import { unreadable } from './readBuild.ts';
import { PLAN_FILE } from './writeBuild.ts';

export interface UnpackedBuild {
  folder: string;
  /** Removes what was unpacked. */
  dispose(): Promise<void>;
}

export interface UnpackLimits {
  /** Of the archive. Default 64 MiB. */
  packedBytes: number;
  /** Of everything in it. Default 128 MiB. */
  unpackedBytes: number;
  /** Default 20,000. */
  entries: number;
}

const LIMITS: UnpackLimits = {
  packedBytes: 64 * 2 ** 20,
  unpackedBytes: 128 * 2 ** 20,
  entries: 20_000,
};
const PIECE = /^bundle\.(\d{3,})$/;
const TAKEN = new Set(['File', 'OldFile', 'Directory']);

export async function unpackBuild(
  place: string,
  limits: Partial<UnpackLimits> = {},
): Promise<UnpackedBuild> {
  const most = { ...LIMITS, ...limits };
  const found = await fs.stat(place).catch(() => undefined);
  if (!found) throw unreadable(place, 'it is not there');
  const files = found.isDirectory() ? await piecesOf(place) : [place];
  if (files.length === 0) return { folder: place, dispose: () => Promise.resolve() };

  return unpackArchive(place, await readPieces(place, files, most), most);
}

/** `what`: for errors. `packed`: a whole tar.gz. */
export async function unpackArchive(
  what: string,
  packed: Buffer,
  limits: Partial<UnpackLimits> = {},
): Promise<UnpackedBuild> {
  const most = { ...LIMITS, ...limits };
  const archive = await gunzipped(what, packed, most);
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-build-'));
  const dispose = () => fs.rm(root, { recursive: true, force: true });
  try {
    unpack(what, archive, root, most);
    return { folder: await folderIn(root), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** In order; none in the folder of a build that is not packed. */
async function piecesOf(folder: string): Promise<string[]> {
  const names = (await fs.readdir(folder)).filter((name) => PIECE.test(name));
  const numbered = names
    .map((name) => ({ name, number: Number(PIECE.exec(name)?.[1]) }))
    .sort((a, b) => a.number - b.number);
  for (const [index, { number }] of numbered.entries()) {
    if (number === index) continue;
    throw unreadable(folder, `the piece bundle.${String(index).padStart(3, '0')} is missing`);
  }
  return numbered.map(({ name }) => path.join(folder, name));
}

async function readPieces(place: string, files: string[], most: UnpackLimits): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for (const file of files) {
    size += (await fs.stat(file)).size;
    if (size > most.packedBytes) throw tooLarge(place, most.packedBytes);
    parts.push(await fs.readFile(file));
  }
  return Buffer.concat(parts);
}

async function gunzipped(what: string, packed: Buffer, most: UnpackLimits): Promise<Buffer> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: most.unpackedBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(what, most.unpackedBytes);
    throw unreadable(what, `it is no whole tar.gz (${message})`);
  }
}

function unpack(what: string, archive: Buffer, folder: string, most: UnpackLimits): void {
  let entries = 0;
  const problems: string[] = [];
  const unpacking = new UnpackSync({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    filter: (name, entry) => {
      entries += 1;
      const problem =
        entries > most.entries
          ? `it has more than ${most.entries} files`
          : entryProblem(name, entry as ReadEntry);
      if (problem !== undefined) problems.push(problem);
      return problem === undefined;
    },
  });
  try {
    unpacking.end(archive);
  } catch (error) {
    problems.push(`it does not unpack (${(error as Error).message})`);
  }
  const [problem] = problems;
  if (problem !== undefined) throw unreadable(what, problem);
}

function entryProblem(name: string, { type }: ReadEntry): string | undefined {
  const shown = JSON.stringify(name.slice(0, 200));
  if (!TAKEN.has(type)) return `${shown} in it is a ${type}; only files and folders are taken`;
  if (
    path.isAbsolute(name) ||
    name.split('/').includes('..') ||
    name.includes('\\') ||
    name.includes('\0')
  ) {
    return `${shown} in it leads outside`;
  }
  return undefined;
}

/** The archive holds the contents of the build's folder, or that folder. */
async function folderIn(root: string): Promise<string> {
  const entries = await fs.readdir(root, { withFileTypes: true });
  const [only] = entries;
  const isWrapped = entries.length === 1 && only?.isDirectory() === true && only.name !== 'bundles';
  return isWrapped && !only.name.endsWith(PLAN_FILE) ? path.join(root, only.name) : root;
}

function tooLarge(place: string, bytes: number) {
  return unreadable(place, `it has more than ${Math.round(bytes / 2 ** 20)} MiB`);
}
