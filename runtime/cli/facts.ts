/** A short list of names and values, for the head of a `show` command. What is empty is left out. */
import type { Output } from './output.ts';
import { plain } from './table.ts';

export function printFacts(
  output: Output,
  facts: readonly (readonly [name: string, value: string | null | undefined])[],
): void {
  const present = facts.filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const width = Math.max(...present.map(([name]) => name.length));
  for (const [name, value] of present) {
    output.print(`${output.colours.dim(name.padEnd(width))}  ${plain(value)}`);
  }
}
