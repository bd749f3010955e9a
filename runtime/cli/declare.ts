/**
 * How the groups declare commands: name, arguments and options here, the work in a module of its own that is
 * loaded when the command is called. Used by groups/*.ts; runCli.ts gives `perform`.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { Session } from './session.ts';

/** Returns the exit code; nothing means 0. Throws PodlineError. */
export type Handler<Args extends readonly unknown[], Options> = (
  session: Session,
  args: Args,
  options: Options,
) => Promise<number | void>;

export type Load = () => Promise<Handler<never, never>>;
export type Perform = (load: Load, command: Command, args: unknown[]) => Promise<void>;

/** Hands a command to its module. */
export type Does = <Args extends readonly unknown[], Options>(
  load: () => Promise<Handler<Args, Options>>,
) => (this: Command) => Promise<void>;

export function doesWith(perform: Perform): Does {
  return (load) =>
    async function (this: Command) {
      await perform(load, this, this.processedArgs as unknown[]);
    };
}

/** An option's whole number. */
export function whole(least: number, most = 1_000_000): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** An option that may be given several times. */
export function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}
