/** Main of the container that stores the output of a direct pod: `output PATH` of the runtime image. */
import { mainHasEnded, runOutput } from './outputSidecar.ts';

const ended = mainHasEnded();
void runOutput(process.argv[2] ?? '', process.env, ended).then((code) => process.exit(code));
