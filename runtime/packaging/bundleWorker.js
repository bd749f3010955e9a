// The worker of a pod as few files, for the runtime image: one that every attempt loads, and packages that only
// some operators need. CommonJS with a compile cache starts fastest (docs/images.md has the figures); code split
// into ES modules took 7 ms more, and a startup snapshot cannot import the functions of a DAG.
// `node runtime/packaging/bundleWorker.js FOLDER` by hand; stageImage.js calls it.
import { build } from 'esbuild';
import fs from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

// Each a file of its own, loaded by the operator that needs it.
const LATER = [
  '@aws-sdk/client-s3',
  '@aws-sdk/lib-storage',
  'nodemailer',
  'nunjucks',
  'ssh2-sftp-client',
];

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  conditions: ['podline-source'],
  outExtension: { '.js': '.cjs' },
  // Optional parts of pg and ssh2, which do without them.
  external: ['pg-native', 'cpu-features', '*.node'],
  logLevel: 'warning',
};

export async function bundleWorker(out) {
  await fs.rm(out, { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: { main: 'runtime/worker/podMain.ts', outputMain: 'runtime/pods/outputMain.ts' },
    outdir: out,
    plugins: [asFiles('./later/')],
    // The global `performance` loads a module of Node for its clock: 2 ms.
    define: { 'performance.now': 'podlineNow' },
    banner: { js: 'const podlineNow=()=>{const[s,n]=process.hrtime();return s*1e3+n/1e6};' },
  });
  await build({
    ...common,
    entryPoints: Object.fromEntries(LATER.map((name) => [fileOf(name), name])),
    outdir: path.join(out, 'later'),
    plugins: [asFiles('./')],
  });
  await fs.writeFile(path.join(out, 'package.json'), '{ "type": "commonjs" }\n');
  await fs.writeFile(path.join(out, 'start'), START, { mode: 0o755 });
  await fs.writeFile(path.join(out, 'output'), START.replace('main', 'outputMain'), {
    mode: 0o755,
  });
}

function asFiles(folder) {
  return {
    name: 'later',
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z]/ }, ({ path: name, kind }) =>
        LATER.includes(name) && kind !== 'entry-point'
          ? { path: `${folder}${fileOf(name)}.cjs`, external: true }
          : undefined,
      );
    },
  };
}

function fileOf(name) {
  return name.replace(/^@/, '').replaceAll('/', '-');
}

// A program by its first line, so that the command of a pod is one path. The code compiled when the image was
// made is taken from beside it; on a read-only file system Node only reads there.
const START = `#!/usr/local/bin/node
require('node:module').enableCompileCache(__dirname + '/compiled');
require('./main.cjs');
`;

if (process.argv[1] === import.meta.filename) await bundleWorker(path.resolve(process.argv[2]));
