/**
 * The program `podline`: started by bin/podline.js and the npm scripts. Everything is loaded when it is
 * needed, and compiled code is kept between starts.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { runCli } = await import('./cli/runCli.ts');
await runCli(process.argv.slice(2));
