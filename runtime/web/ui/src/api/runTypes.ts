/** Records of runs, tasks and administration as the API answers them: types of its own schemas. */
import type { z } from 'zod';
import type * as actions from '../../../api/schema/actions.ts';
import type * as platform from '../../../api/schema/platform.ts';
import type * as runs from '../../../api/schema/runs.ts';
import type * as instances from '../../../api/schema/taskInstance.ts';

export type BackfillAnswer = z.output<typeof actions.BackfillAnswer>;
export type Cleared = z.output<typeof actions.Cleared>;
export type AssetList = z.output<typeof runs.AssetList>;
export type Run = z.output<typeof runs.Run>;
export type TaskSummary = z.output<typeof runs.TaskSummary>;
export type TaskPage = z.output<typeof runs.TaskPage>;
export type TaskInstance = z.output<typeof instances.TaskInstance>;
export type Attempt = z.output<typeof instances.Attempt>;
export type AttemptDetail = z.output<typeof instances.AttemptDetail>;
export type Pod = z.output<typeof instances.Pod>;
export type XCom = z.output<typeof instances.XCom>;
export type PoolList = z.output<typeof platform.PoolList>;
export type VariablePage = z.output<typeof platform.VariablePage>;
export type VariableSummary = z.output<typeof platform.VariableSummary>;
export type ConnectionList = z.output<typeof platform.ConnectionList>;
export type WorkerList = z.output<typeof platform.WorkerList>;
export type AuditPage = z.output<typeof platform.AuditPage>;
export type BuildErrorList = z.output<typeof platform.BuildErrorList>;
export type BackfillPage = z.output<typeof platform.BackfillPage>;
