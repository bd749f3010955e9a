/**
 * Bundles one DAG file with esbuild into a single module. Whitespace and comments are dropped, so that
 * changing them makes no new version; `podline/dag` always means the copy of this installation.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { PodlineError } from '../../src/errors.ts';
import type { BuildError } from './types.ts';

export interface BundledFile {
  code: Uint8Array;
  map: string;
  /** Absolute paths of all modules in it, packages included. */
  inputs: string[];
}

const here = fileURLToPath(import.meta.url);
/** Sources when this file is a source, built files otherwise. */
const extension = path.extname(here);
/** Folder of the vocabulary; positions in it are never the author's mistake. */
export const vocabulary = path.resolve(path.dirname(here), '../../src');
const packages = path.dirname(
  path.dirname(createRequire(import.meta.url).resolve('esbuild/package.json')),
);

/** CommonJS packages inside an ES module still ask for `require`. */
const BANNER =
  "import{createRequire as podlineRequire}from'node:module';const require=podlineRequire(import.meta.url);";

export async function bundleFile(
  source: string,
  folder: string,
): Promise<BundledFile | { errors: BuildError[] }> {
  try {
    const result = await esbuild.build({
      entryPoints: [source],
      // Paths in the output are relative to these two, so that the hash is the same on every machine.
      absWorkingDir: folder,
      outfile: path.join(folder, 'code.mjs'),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      alias: { 'podline/dag': path.join(vocabulary, `dag${extension}`) },
      nodePaths: [packages],
      minifyWhitespace: true,
      minifySyntax: true,
      keepNames: true,
      legalComments: 'none',
      sourcemap: 'external',
      sourcesContent: false,
      metafile: true,
      banner: { js: BANNER },
      logLevel: 'silent',
      // A tsconfig.json beside the DAGs is for the editor; only its paths would matter here.
      treeShaking: true,
    });
    const [map, code] = ['.map', '.mjs'].map((end) =>
      result.outputFiles.find((file) => file.path.endsWith(end)),
    );
    return {
      code: code?.contents ?? new Uint8Array(),
      map: map?.text ?? '{}',
      inputs: Object.keys(result.metafile.inputs).map((input) => path.resolve(folder, input)),
    };
  } catch (error) {
    const messages = (error as Partial<esbuild.BuildFailure>).errors;
    if (!messages) throw error;
    return { errors: messages.map((message) => toBuildError(message, source, folder)) };
  }
}

function toBuildError(message: esbuild.Message, source: string, folder: string): BuildError {
  const file = message.location ? path.resolve(folder, message.location.file) : source;
  const line = message.location?.line ?? null;
  const error = new PodlineError('build.failed', { file, line: line ?? 1, reason: message.text });
  return {
    source,
    file,
    line,
    column: message.location ? message.location.column + 1 : null,
    code: error.code,
    message: message.text,
    remedy: error.remedy,
  };
}
