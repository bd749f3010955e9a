/**
 * One DAG as a component without resources: its inputs are the readable plan, so that a preview itself says what
 * changed in it. Made by DagBundle for each DAG of a build; shows `~ schedule: "0 6 * * *" => "0 7 * * *"`.
 */
import * as pulumi from '@pulumi/pulumi';

/** One task as a preview shows it. What is at its default is left out. */
export interface DagTaskArgs {
  /** What the task does: bash, typescript, sql, pod, ... */
  operator: string;
  /** Package that brings the operator, when it is not built in. */
  operatorModule?: string;
  /** What the author says about the task. */
  description?: string;
  /** Image of the task's pod. */
  image?: string;
  /** Command of an image, as JSON. */
  command?: string;
  /** Arguments of an image, as JSON. */
  args?: string;
  /** Script of a bash, python, R or sql task: the text when it is short, else its length and hash. */
  script?: string;
  /** Script file, relative to the DAG file. */
  scriptFile?: string;
  /** Tasks that run before it, with ", " between them. */
  after?: string;
  /** `local`, `kubernetes` or `pool:NAME`. */
  executor?: string;
  /** Pool that limits how many such tasks run at a time. */
  pool?: string;
  /** Slots of the pool that the task takes. */
  poolSlots?: number;
  /** Weight that the author gave. */
  priority?: number;
  /** When it runs, by how its upstream tasks ended. */
  triggerRule?: string;
  /** Retries after the first try. */
  retries?: number;
  /** How retries are made, where it differs from the defaults. */
  retryPolicy?: Record<string, string>;
  /** Longest time of one attempt, such as "1h30m". */
  executionTimeout?: string;
  /** Waits for the same task of the run before. */
  dependsOnPast?: boolean;
  /** Most instances of the task at a time over all runs. */
  maxActivePerDag?: number;
  /** Most instances of the mapped task at a time in one run. */
  maxActivePerRun?: number;
  /** Connections that the task may read, with ", " between them. */
  connections?: string;
  /** Variables that the task may read, with ", " between them. */
  variables?: string;
  /** False: strings are no templates. */
  templates?: boolean;
  /** Assets that the task reads, with ", " between them. */
  inlets?: string;
  /** Assets that the task writes, with ", " between them. */
  outlets?: string;
  /** Set up before others, torn down by another task. */
  setup?: boolean;
  /** Setups that this task tears down, with ", " between them. */
  teardownOf?: string;
  /** Whether a failing teardown fails the run. */
  teardownFailsRun?: boolean;
  /** Steers the flow: branch or short_circuit. */
  flow?: string;
  /** Named inputs and where each comes from. */
  inputs?: Record<string, string>;
  /** Environment of the task's process. */
  env?: Record<string, string>;
  /** Settings of the operator, by path. */
  settings?: Record<string, string>;
  /** What the task says about its pod, by path. */
  pod?: Record<string, string>;
  /** What the task is mapped over. */
  map?: Record<string, string>;
  /** How a sensor waits. */
  sensor?: Record<string, string>;
  /** Who is told about its ends. */
  callbacks?: Record<string, string>;
}

/** A DAG as a preview shows it. What is at its default is left out. */
export interface DagArgs {
  /** Id of the DAG. */
  dagId: string;
  /** DAG file, relative to the folder that was built. */
  file?: string;
  /** What the author says about the DAG. */
  description?: string;
  /** Owner of the DAG. */
  owner?: string;
  /** Five cron fields, "every 6h", "@once", "@continuous" or "none". */
  schedule: string;
  /** IANA zone of the schedule, when it is not UTC. */
  timezone?: string;
  /** Tags with ", " between them. */
  tags?: string;
  /** First instant of the schedule, ISO 8601. */
  startDate?: string;
  /** Last instant of the schedule, ISO 8601. */
  endDate?: string;
  /** Makes the runs that were missed. */
  catchup?: boolean;
  /** Most runs at a time, when it is not 16. */
  maxActiveRuns?: number;
  /** Most tasks at a time, when it is not 16. */
  maxActiveTasks?: number;
  /** Longest time of a run, such as "6h". */
  runTimeout?: string;
  /** One failed task ends the rest of the run. */
  failFast?: boolean;
  /** How weights of tasks add up, when it is not downstream. */
  priorityRule?: string;
  /** Hash of all weights, in DAGs too large to show them one by one. */
  priorities?: string;
  /** Params of the DAG, by path of their JSON Schema. */
  params?: Record<string, string>;
  /** Who is told about the ends of runs. */
  callbacks?: Record<string, string>;
  /** Labels of groups, by id. */
  groups?: Record<string, string>;
  /** Hash of the code of the tasks in TypeScript, and of the files beside scripts. */
  code?: string;
  // Inputs, though they are always known: Go has no type for a plain object in a plain map.
  /** Tasks by id. */
  tasks: Record<string, pulumi.Input<DagTaskArgs>>;
}

/** A DAG in a preview. It has no resources; a removed one is shown as deleted, and makes no new runs. */
export class Dag extends pulumi.ComponentResource {
  /** Id of the DAG. */
  readonly dagId: pulumi.Output<string>;

  constructor(name: string, args: DagArgs, opts?: pulumi.ComponentResourceOptions) {
    super('podline:index:Dag', name, args, opts);
    this.dagId = pulumi.output(args.dagId);
    this.registerOutputs({ dagId: this.dagId });
  }
}
