/** Installs the real programs that some tests talk to. Run by .ci/run; what is there is kept. */
import { pulumi } from './pulumi.ts';
import { languages } from './pulumiLanguages.ts';
import { isInstalled, TOOLS } from './tools.ts';

let failed = 0;
for (const tool of [...TOOLS, pulumi, languages]) {
  if (await isInstalled(tool)) {
    console.log(`${tool.name} is there`);
    continue;
  }
  const obstacle = await tool.impossible?.();
  if (obstacle !== undefined) {
    console.warn(`SKIPPED: ${tool.name}, and every test that needs it: ${obstacle}`);
    continue;
  }
  try {
    await tool.install();
    console.log(`${tool.name} was installed`);
  } catch (error) {
    failed += 1;
    console.error(`${tool.name} could not be installed: ${String(error)}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
