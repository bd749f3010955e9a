/**
 * Code samples of the documents, compiled against the sources in one program. Each ```ts block is a
 * module of its own. It is laid into memory with the line numbers of its document, beside the real
 * files, so that it imports `podline/dag` as the package itself would.
 */
import { posix } from 'node:path';
import ts from 'typescript';
import { ROOT } from './sources.ts';
import type { SourceFile } from './sources.ts';

export interface Sample {
  document: string;
  line: number;
  text: string;
}

/** A block opened by ```ts or ```typescript; anything after the word is for the renderer. */
export function samplesOf({ path, text }: SourceFile): Sample[] {
  const samples: Sample[] = [];
  let open: { line: number; indent: number; lines: string[]; ours: boolean } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^(\s*)```\s*(\w*)/.exec(line);
    if (!fence) {
      open?.lines.push(line.slice(open.indent));
    } else if (open) {
      if (open.ours) samples.push({ document: path, line: open.line, text: open.lines.join('\n') });
      open = null;
    } else {
      const ours = ['ts', 'typescript'].includes(fence[2] ?? '');
      open = { line: index + 2, indent: fence[1]?.length ?? 0, lines: [], ours };
    }
  }
  return samples;
}

/** One line for each type error: "docs/x.md:12: ...". */
export function sampleProblems(samples: readonly Sample[]): string[] {
  const options = readOptions();
  const modules = new Map(
    samples.map((sample) => {
      const name = sample.document.replace(/\W+/g, '_');
      const isModule = /^\s*(import|export)\b/m.test(sample.text);
      const text =
        '\n'.repeat(sample.line - 1) + sample.text + (isModule ? '\n' : '\nexport {};\n');
      return [posix.join(ROOT, `sample_${name}_${sample.line}.ts`), { sample, text }];
    }),
  );
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, languageOptions, ...rest) => {
    const made = modules.get(file);
    return made
      ? ts.createSourceFile(file, made.text, languageOptions, true)
      : getSourceFile(file, languageOptions, ...rest);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([file, { sample }]) => {
    const source = program.getSourceFile(file);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map((problem) => {
      const at = source?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
      const words = ts.flattenDiagnosticMessageText(problem.messageText, ' ');
      return `${sample.document}:${at + 1}: ${words}`;
    });
  });
}

/** The project's own options, without those that only forbid leftovers. */
function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return {
    ...options,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    // An impliedNodeFormat of the virtual files would be asked for otherwise: all are modules.
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
}
