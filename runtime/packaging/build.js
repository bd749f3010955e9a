// `npm run build`: src, components and runtime as JavaScript with types into dist, and beside them the files that
// they read: migrations, scripts, examples for the demo. What is in dist afterwards is what npm publishes.
// `node runtime/packaging/build.js FOLDER` builds into another folder; with `--unchecked` wrong types are no reason to stop.
import fs from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { build as buildPages } from 'vite';

const root = path.join(import.meta.dirname, '../..');
const args = process.argv.slice(2);
const unchecked = args.includes('--unchecked');
const out = path.resolve(root, args.find((arg) => !arg.startsWith('--')) ?? 'dist');
const draft = path.join(root, '.podline', `build-${process.pid}`);

const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
const { options, fileNames, errors } = ts.parseJsonConfigFileContent(
  { ...config, include: ['src', 'components', 'runtime'] },
  ts.sys,
  root,
);
const program = ts.createProgram(fileNames, {
  ...options,
  noEmit: false,
  declaration: true,
  rootDir: root,
  outDir: draft,
});
const { diagnostics } = program.emit();
const problems = unchecked ? [] : [...errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (problems.length > 0) {
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  process.stderr.write(ts.formatDiagnosticsWithColorAndContext(problems, host));
  await fs.rm(draft, { recursive: true, force: true });
  process.exit(1);
}

// The pages are another program, for browsers.
await buildPages({
  configFile: path.join(root, 'runtime/web/ui/vite.config.js'),
  logLevel: 'warn',
  build: { outDir: path.join(draft, 'runtime/web/public') },
});

// These folders are for those who build, not for those who run.
const isCode = (file) => /(?<!\.d)\.ts$|\.md$|^packaging\/|^web\/ui\//.test(file);
for (const folder of ['src', 'runtime'])
  await copy(folder, (file) => !isCode(path.relative(folder, file)));
// Examples are DAG folders: `podline demo` builds them from their sources.
await copy('examples', (file) => !/(^|\/)(node_modules|\.podline)(\/|$)|\.test\.ts$/.test(file));

// Put in place as a whole: a CLI that runs meanwhile finds the old files or the new ones.
await fs.rm(out, { recursive: true, force: true });
await fs.mkdir(path.dirname(out), { recursive: true });
await fs.rename(draft, out);

async function copy(folder, wanted) {
  const from = path.join(root, folder);
  for (const entry of await fs.readdir(from, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(root, file);
    if (!entry.isFile() || !wanted(relative)) continue;
    const target = path.join(draft, relative);
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.copyFile(file, target);
  }
}
