/**
 * Events of a pod as the cluster tells them: for explanations and for people (pure). They come late, may be
 * dropped and are forgotten after an hour: nothing is decided from them.
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
  /** Of the pod. */
  uid: string;
}

interface EventJson {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string } | null;
  source?: { component?: string };
  reportingComponent?: string;
  involvedObject?: { uid?: string };
  metadata?: { creationTimestamp?: string };
}

/** Oldest first. Two generations of events exist, with their times in different places. */
export function eventsOfList(items: unknown[]): PodEvent[] {
  return (items as EventJson[])
    .map((event): PodEvent => ({
      type: event.type === 'Warning' ? 'Warning' : 'Normal',
      reason: event.reason ?? '',
      message: event.message ?? '',
      count: event.series?.count ?? event.count ?? 1,
      at:
        event.series?.lastObservedTime ??
        event.lastTimestamp ??
        event.eventTime ??
        event.firstTimestamp ??
        event.metadata?.creationTimestamp ??
        '',
      from: event.reportingComponent || event.source?.component || '',
      uid: event.involvedObject?.uid ?? '',
    }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
