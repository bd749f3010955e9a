/** Server-sent events of an answer, one after the other; what is no event (retry, comments) is left out. */
export interface SentEvent {
  event: string;
  id: string | undefined;
  data: Record<string, unknown>;
}

export async function* readEvents(answer: Response): AsyncGenerator<SentEvent, undefined> {
  let text = '';
  for await (const bytes of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += bytes;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const colon = line.indexOf(': ');
          return [line.slice(0, colon), line.slice(colon + 2)] as const;
        }),
      );
      const event = fields.get('event');
      if (event === undefined) continue;
      yield {
        event,
        id: fields.get('id'),
        data: JSON.parse(fields.get('data') ?? 'null') as SentEvent['data'],
      };
    }
  }
  return undefined;
}
