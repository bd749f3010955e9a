/**
 * Delivers notifications: a POST to a webhook, or a message by SMTP. `deliver` is what the scheduler
 * calls for the callbacks in the outbox; it throws, and the outbox tries again later.
 */
import type { Transporter } from 'nodemailer';
import type { JsonObject, Json, Notification } from '../../src/plan/plan.ts';
import { type Connection, extraText } from '../../src/connections/connection.ts';
import type { Connections } from '../connections/connections.ts';

const TIMEOUT_MS = 10_000;

export interface Message {
  to: string[];
  subject: string;
  text?: string;
  html?: string;
}

/** `payload` is posted as it is; an e-mail has its subject from `event`, `dagId`, `taskId`. */
export async function deliver(
  notification: Notification,
  payload: JsonObject,
  connections: Connections,
  signal?: AbortSignal,
): Promise<void> {
  if (notification.kind === 'webhook') {
    await postWebhook(notification, payload, signal);
    return;
  }
  const subject = [payload.event, payload.dagId, payload.taskId, payload.runId]
    .filter((part) => typeof part === 'string')
    .join(' ');
  await sendEmail(await connections.resolve(notification.connection), {
    to: notification.to,
    subject: oneLine(notification.subject ?? `podline: ${subject}`),
    text: describe(payload),
  });
}

/** http and https alone, no redirects (they could lead inside), ten seconds. */
export async function postWebhook(
  target: { url: string; headers?: Record<string, string> },
  body: Json,
  signal?: AbortSignal,
): Promise<void> {
  const url = new URL(target.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`a webhook goes to http or https, not to ${url.protocol}`);
  }
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'podline', ...target.headers },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    // Paths and queries of webhooks often are secrets: only the host is named.
    const cause = (error as Error).cause ?? error;
    throw new Error(`the webhook at ${url.host} failed: ${(cause as Error).message}`, {
      cause: error,
    });
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the webhook at ${url.host} answered ${response.status}`);
}

/** Connection: smtp or smtps; extra `from` is the sender, default the login. */
export async function sendEmail(connection: Connection, message: Message): Promise<void> {
  const transport = await smtpTransport(connection);
  try {
    await transport.sendMail({
      from: extraText(connection, 'from') ?? connection.login ?? 'podline@localhost',
      ...message,
      subject: oneLine(message.subject),
    });
  } finally {
    transport.close();
  }
}

/** Extra `tls`: "required" refuses servers without STARTTLS, "none" does not ask for it. */
export async function smtpTransport(connection: Connection): Promise<Transporter> {
  const { default: nodemailer } = await import('nodemailer');
  const { type, host, port, login, password } = connection;
  return nodemailer.createTransport({
    host,
    port: port ?? (type === 'smtps' ? 465 : 587),
    secure: type === 'smtps',
    requireTLS: extraText(connection, 'tls') === 'required',
    ignoreTLS: extraText(connection, 'tls') === 'none',
    auth: login === undefined ? undefined : { user: login, pass: password ?? '' },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function describe(payload: JsonObject): string {
  return Object.entries(payload)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

function oneLine(subject: string): string {
  return subject.replace(/[\r\n]+/g, ' ').slice(0, 250);
}
