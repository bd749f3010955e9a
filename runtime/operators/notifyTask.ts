/** notify.webhook and notify.email as tasks: what callbacks do by themselves, at a place of the author's choice. */
import { text } from './config.ts';
import { list, optionalText, texts } from './config.ts';
import { postWebhook, sendEmail } from './notify.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';

export async function runWebhook(context: OperatorContext): Promise<OperatorResult> {
  const body = context.config.body ?? null;
  await postWebhook(
    { url: text(context, 'url'), headers: texts(context, 'headers') },
    body,
    context.signal,
  );
  context.log('the webhook was accepted');
  return { output: null };
}

export async function runEmail(context: OperatorContext): Promise<OperatorResult> {
  await sendEmail(context.connection(text(context, 'connection')), {
    to: list(context, 'to').map(String),
    subject: text(context, 'subject'),
    text: optionalText(context, 'text'),
    html: optionalText(context, 'html'),
  });
  context.log('the message was accepted');
  return { output: null };
}
