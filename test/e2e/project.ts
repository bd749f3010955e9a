/** A Pulumi project outside of this checkout, as a user has it, with the packages that its program imports. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './tools.ts';

/** All but the program itself, `index.ts`. */
export async function writeProject(folder: string, name: string): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  await fs.mkdir(modules, { recursive: true });
  await fs.symlink(ROOT, path.join(modules, 'podline'));
  await fs.symlink(path.join(ROOT, 'node_modules/@pulumi'), path.join(modules, '@pulumi'));
  await fs.writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await fs.writeFile(
    path.join(folder, 'Pulumi.yaml'),
    `name: ${name}
runtime:
  name: nodejs
  options: { typescript: false }
main: index.ts
`,
  );
}
