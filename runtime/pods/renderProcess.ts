/**
 * Main of the process that renders templates of one DAG for render.ts. Code made from text is off (V8's
 * own switch), so a template that finds the Function constructor can do nothing with it; the permission
 * model, the empty environment and the missing network are the walls behind that.
 */
import { Socket } from 'node:net';
import { compileFunction } from 'node:vm';
import nunjucks from 'nunjucks';
import type { Assignment } from '../worker/assignment.ts';
import { outcomeOfError } from '../worker/failure.ts';
import { prepare } from '../worker/prepare.ts';
import type { RenderResult } from './render.ts';

/** A pod with its whole spec may have 1.5 MB. */
const RESULT_LIMIT = 1024 * 1024;

interface Compilable {
  tmplStr: string;
  path: string | undefined;
  tmplProps?: unknown;
  env: { asyncFilters: unknown; extensionsList: unknown; opts: unknown };
  _compile(): void;
}

/** nunjucks compiles with `new Function`; here it gets the same code by way of node:vm, which stays allowed. */
function compileWithoutFunction(): void {
  const compiler = (nunjucks as unknown as { compiler: { compile(...of: unknown[]): string } })
    .compiler;
  const prototype = nunjucks.Template.prototype as unknown as Compilable;

  const compile = prototype._compile;
  prototype._compile = function (this: Compilable): void {
    const { asyncFilters, extensionsList, opts } = this.env;
    const code = compiler.compile(this.tmplStr, asyncFilters, extensionsList, this.path, opts);
    this.tmplProps = (compileFunction(code) as () => unknown)();
    compile.call(this);
  };
}

async function render(assignment: Assignment): Promise<string> {
  let result: RenderResult;
  try {
    const { config, env } = await prepare(assignment, new Map());
    result = { config, env };
    const text = JSON.stringify(result);
    if (text.length <= RESULT_LIMIT) return text;
    const size = Math.ceil(text.length / 1024);
    const message = `the rendered task has ${size} KB, and at most ${RESULT_LIMIT / 1024} KB fit into a pod`;
    result = { failure: { cause: 'template', message } };
  } catch (error) {
    const { cause = 'template', message = 'the templates could not be rendered' } =
      outcomeOfError(error);
    result = { failure: { cause: cause === 'error' ? 'template' : cause, message } };
  }
  return JSON.stringify(result);
}

Socket.prototype.connect = () => {
  throw new Error('templates have no network');
};
compileWithoutFunction();
process.on('message', (assignment: Assignment) => {
  void render(assignment).then((text) => process.send?.({ text }));
});
// The scheduler is gone.
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
