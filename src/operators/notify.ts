/**
 * Notifications. `webhook` and `email` make the records that callbacks take; `notify.webhook` and
 * `notify.email` are tasks that send one.
 */
import type { Json, Notification } from '../plan/plan.ts';
import { httpProblems } from './http.ts';
import type { CommonDefinition, Operator } from './operator.ts';

export interface WebhookTarget {
  url: string;
  headers?: Record<string, string>;
}

export interface EmailTarget {
  /** Id of the SMTP connection. */
  connection: string;
  to: string | string[];
  subject?: string;
}

/** A callback target: a POST with a JSON description of what happened. */
export function webhook(target: string | WebhookTarget): Notification & { kind: 'webhook' } {
  const { url, headers } = typeof target === 'string' ? { url: target } : target;
  return { kind: 'webhook', url, ...(headers && { headers }) };
}

/** A callback target: a message by SMTP. */
export function email(target: EmailTarget): Notification & { kind: 'email' } {
  const { connection, to, subject } = target;
  return { kind: 'email', connection, to: [to].flat(), ...(subject !== undefined && { subject }) };
}

export const notify = {
  /** Config in the plan: { url, headers, body }. */
  webhook(definition: WebhookTarget & CommonDefinition & { body?: Json }): Operator<null> {
    const { url, headers = {}, body = null, inputs = {} } = definition;
    return {
      operator: 'notify.webhook',
      config: { url, headers, body },
      inputs,
      connections: [],
      check: () => httpProblems({ url, headers }),
    };
  },

  /** Config in the plan: { connection, to: string[], subject, text?, html? }. */
  email(
    definition: EmailTarget & CommonDefinition & { subject: string; text?: string; html?: string },
  ): Operator<null> {
    const { connection, subject, text, html, inputs = {} } = definition;
    const to = [definition.to].flat();
    return {
      operator: 'notify.email',
      config: { connection, to, subject, text, html },
      inputs,
      connections: [connection],
      check: () => [
        ...(to.length > 0 ? [] : ['to must name at least one address']),
        ...(text === undefined && html === undefined ? ['give text or html'] : []),
        ...(/[\r\n]/.test(subject) ? ['subject must be one line'] : []),
      ],
    };
  },
};
