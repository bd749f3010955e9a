/**
 * What the sidecar that stores the output of a direct pod says in its termination message (pure). Written by
 * outputSidecar.ts, read from the pod's status by podOutcome.ts; directPod.ts takes the names from here.
 */
import { isCause, type Cause } from '../../src/model/causes.ts';

/** Name of the sidecar. */
export const OUTPUT_CONTAINER = 'podline-output';

export interface OutputMessage {
  v: 1;
  /** none: the task wrote no file, which is a success without output. */
  output: 'stored' | 'none' | 'failed';
  cause?: Cause;
  message?: string;
}

export function writeOutputMessage(message: Omit<OutputMessage, 'v'>): string {
  // 3 bytes at most for one UTF-16 unit, 6 for one that JSON escapes: always below 4096 bytes.
  const words = message.message?.slice(0, 600);
  return JSON.stringify({ v: 1, ...message, ...(words !== undefined && { message: words }) });
}

export function readOutputMessage(text: string | undefined): OutputMessage | null {
  try {
    const value = JSON.parse(text ?? '') as Partial<Record<keyof OutputMessage, unknown>> | null;
    if (value?.v !== 1) return null;
    const { output, cause, message } = value;
    if (output !== 'stored' && output !== 'none' && output !== 'failed') return null;
    return {
      v: 1,
      output,
      ...(isCause(cause) && { cause }),
      ...(typeof message === 'string' && { message }),
    };
  } catch {
    return null;
  }
}
