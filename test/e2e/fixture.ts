/** What every end-to-end test begins with: the cluster, the images, a folder of its own, and stacks that are taken down at the end. */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openCluster, type TestCluster } from '../cluster/harness.ts';
import { type StackImages, stackImages } from './images.ts';
import { writeProject } from './project.ts';
import { PulumiStack, type StackOptions } from './pulumiStack.ts';
import { ROOT } from './tools.ts';

type Wanted = Partial<StackOptions> & { example?: string };

interface Opened {
  cluster: TestCluster;
  images: StackImages;
  folder: string;
}

export class Fixture {
  readonly #stacks: PulumiStack[] = [];
  readonly #endings: (() => Promise<unknown>)[] = [];
  #opened?: Opened;

  async open(): Promise<void> {
    const cluster = await openCluster([]);
    const images = await stackImages(cluster);
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-e2e-'));
    this.#opened = { cluster, images, folder };
  }

  get #parts(): Opened {
    if (this.#opened === undefined) throw new Error('open the fixture first');
    return this.#opened;
  }

  get cluster(): TestCluster {
    return this.#parts.cluster;
  }

  get images(): StackImages {
    return this.#parts.images;
  }

  get folder(): string {
    return this.#parts.folder;
  }

  /** At the end, after the stacks have gone. */
  atEnd(ending: () => Promise<unknown>): void {
    this.#endings.unshift(ending);
  }

  /** A stack of an example, or of the root when none is named. */
  async stack({ example, ...options }: Wanted = {}): Promise<PulumiStack> {
    const stack = await PulumiStack.create({
      project: example === undefined ? ROOT : path.join(ROOT, 'examples', example),
      stack: `e2e-${crypto.randomBytes(3).toString('hex')}`,
      folder: this.folder,
      kubeconfig: this.cluster.kubeconfig,
      ...options,
    });
    this.#stacks.push(stack);
    return stack;
  }

  /** A project outside of this checkout, as a user has it: a program, and the packages that it imports. */
  async program(source: string): Promise<string> {
    const folder = await fs.mkdtemp(path.join(this.folder, 'program-'));
    await writeProject(folder, 'e2e');
    await fs.writeFile(path.join(folder, 'index.ts'), source);
    return folder;
  }

  /** A folder of DAG files for a stack; write into it again to change them. */
  async dags(files: Record<string, string>): Promise<string> {
    const folder = await fs.mkdtemp(path.join(this.folder, 'dags-'));
    await writeDags(folder, files);
    return folder;
  }

  async close(): Promise<void> {
    for (const stack of this.#stacks) {
      await stack.destroy().catch((error: unknown) => {
        console.error(`a stack was left over: ${String(error).slice(0, 2000)}`);
      });
    }
    for (const ending of this.#endings) await ending();
    if (this.#opened) await fs.rm(this.folder, { recursive: true, force: true });
  }
}

export async function writeDags(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await fs.writeFile(path.join(folder, name), text);
  }
}
