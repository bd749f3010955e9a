/**
 * Events of a pod as the cluster tells them: for explanations and for people. They come late, may be dropped
 * and are forgotten after an hour: nothing is decided from them.
 */

export interface PodEvent {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  count: number;
  /** When it happened last. */
  at: string;
  /** Who tells it: kubelet, default-scheduler. */
  from: string;
}
