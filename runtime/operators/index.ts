/**
 * `podline/operator`: what a package that brings an operator needs. Its module exports
 * `run: OperatorRun`; the definition for authors is made with defineOperator of podline/dag.
 */
export type { OperatorContext, OperatorResult, OperatorRun, RunFacts } from './operator.ts';
export { TaskFailure } from './operator.ts';
export type { Connection } from '../../src/connections/connection.ts';
export { runScript, type ScriptKind } from './script.ts';
export type { Json, JsonObject } from '../../src/plan/plan.ts';
