/**
 * The door `podline/testing`: run your DAGs on the real engine with a virtual clock, inside any test runner.
 *
 *   const engine = await TestEngine.open({ start: '2026-03-01T00:00:00Z' });
 *   await engine.register(etl);
 *   engine.script('load', [{ fails: 'exit_code', exitCode: 1 }, {}]);
 *   await engine.advance('1d');
 */
export { TestEngine, type TestEngineOptions } from './engine.ts';
export { type AttemptView, type RunView } from './engineView.ts';
export { type Script, type ScriptedOutcome } from './scriptedExecutor.ts';
export { type TestDatabase, testDatabase } from './database.ts';
