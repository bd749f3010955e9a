/** A state as the CLI prints it. Pure. */
import type { Colours } from './output.ts';

/** The state in its colour; the word itself stays, so that nothing is said by colour alone. */
export function state(name: string, colours: Colours): string {
  switch (name) {
    case 'success':
      return colours.green(name);
    case 'failed':
    case 'upstream_failed':
      return colours.red(name);
    case 'running':
    case 'launching':
      return colours.cyan(name);
    case 'up_for_retry':
    case 'up_for_reschedule':
    case 'deferred':
      return colours.yellow(name);
    case 'skipped':
    case 'removed':
    case 'none':
      return colours.dim(name);
    default:
      return name;
  }
}
