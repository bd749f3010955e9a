/** r: an R script, run by Rscript. Its output is what it writes to the output file of the task protocol. */
import type { Json } from '../plan/plan.ts';
import type { CommonDefinition, Operator, OutputType } from './operator.ts';
import { type ScriptSource, script, scriptProblems } from './script.ts';

export type RDefinition<Output> = ScriptSource &
  CommonDefinition & {
    /** Folder to run in. Default: an empty folder of the attempt. */
    cwd?: string;
    /** Program to run the script with. Default Rscript. */
    program?: string;
    /** Exit code that skips the task. Default 99. */
    skipExitCode?: number;
    /** Type of the output: `output: json<{ rows: number }>()`. */
    output?: OutputType<Output>;
  };

/** Config in the plan: { script: { text, file? }, cwd?, program?, skipExitCode? }. */
export function r<Output = Json>(definition: RDefinition<Output>): Operator<Output> {
  const { file, script: text, cwd, program, skipExitCode, inputs = {} } = definition;
  return {
    operator: 'r',
    config: { script: script({ text, file }), cwd, program, skipExitCode },
    inputs,
    connections: [],
    check: () => scriptProblems({ text, file, skipExitCode }),
  };
}
