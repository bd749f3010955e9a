/**
 * Watching until Ctrl-C or SIGTERM, with the exit code of that: also where a wait for something that is away was broken off.
 * Used by the commands that watch or follow.
 */
import { EXIT } from './exit.ts';
import type { Session } from './session.ts';

/** `work` ends with its exit code, or throws the reason of the signal; then `words` are said. */
export async function untilStopped(
  session: Session,
  words: string,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const signal = session.stopSignal();
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    if (words !== '') session.say(words);
    return EXIT.interrupted;
  }
}
