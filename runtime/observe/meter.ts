/**
 * What a scheduler's loop tells about itself. Made by schedulerMetrics.ts where health and metrics are asked for;
 * elsewhere nobody listens. Counters only: the loop waits for none of this.
 */
import type { TickResult } from '../scheduler/tick.ts';

export interface LoopMeter {
  /** At each pass of the loop, whether the database answers or not. */
  beat(): void;
  /** A tick that found something to do. */
  ticked(result: TickResult, milliseconds: number): void;
  /** A pass failed: the database was not there, or something in the tick. */
  failed(what: 'database' | 'tick'): void;
}
