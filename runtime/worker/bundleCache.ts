/**
 * Bundles on the worker's disk, by their content-addressed id. Fetched through the report functions
 * when missing, written beside and renamed, so that workers can share one folder.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';

export interface BundleFile {
  path: string;
  content: Buffer;
}

export class BundleCache {
  readonly #root: string;
  readonly #known = new Map<string, Promise<string>>();

  constructor(root: string) {
    this.#root = root;
  }

  folder(id: string, fetch: () => Promise<BundleFile[]>): Promise<string> {
    let found = this.#known.get(id);
    if (!found) {
      found = this.#ensure(id, fetch);
      this.#known.set(id, found);
      found.catch(() => this.#known.delete(id));
    }
    return found;
  }

  async #ensure(id: string, fetch: () => Promise<BundleFile[]>): Promise<string> {
    if (!/^[\w.-]{1,128}$/.test(id) || /^\.+$/.test(id))
      throw bug(`the bundle id ${JSON.stringify(id)}`);
    const folder = path.join(this.#root, id);
    if (await exists(folder)) return folder;
    const files = await fetch();
    if (files.length === 0) throw bug(`bundle ${id} has no files, or the attempt has ended`);
    const draft = path.join(this.#root, `.${id}.${randomBytes(6).toString('hex')}`);
    try {
      for (const file of files) {
        const target = path.resolve(draft, file.path);
        if (!target.startsWith(draft + path.sep)) throw bug(`bundle ${id} has a file ${file.path}`);
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, file.content);
      }
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another worker was faster: its folder has the same contents.
      if (!(await exists(folder))) throw error;
    }
    return folder;
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function bug(reason: string): PodlineError {
  return new PodlineError('internal.bug', { reason });
}
