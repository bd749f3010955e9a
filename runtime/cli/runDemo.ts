/** `podline demo`: hands over to demo.ts, which handles Ctrl-C itself. */
import { runDemo } from './demo.ts';
import type { Session } from './session.ts';

export async function demo(session: Session): Promise<number> {
  session.stopSignal();
  const { config, output } = session;
  return runDemo({ config, json: output.json, output });
}
