/** Loaded before a process: notes which parts of OpenTelemetry it and its children load, in a file of the test. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, next) {
    const file = process.env.PODLINE_TEST_MODULES;
    if (file !== undefined && url.includes('@opentelemetry/')) {
      appendFileSync(file, `${process.pid} ${url}\n`);
    }
    return next(url, context);
  },
});
