/** Times and durations: short and relative, exact on hover. They grow by themselves while something runs. */
import { Text, type TextProps, Tooltip } from '@mantine/core';
import { absoluteWords, durationWords, relativeWords, spanOf } from '../time.ts';
import { useNow } from '../useNow.ts';

export function RelativeTime({ time, ...rest }: { time: string | null } & TextProps) {
  const now = useNow();
  if (time === null) return <Nothing />;
  return (
    <Tooltip label={absoluteWords(time)} openDelay={150}>
      <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }} {...rest}>
        <time dateTime={time}>{relativeWords(time, now)}</time>
      </Text>
    </Tooltip>
  );
}

interface DurationProps extends TextProps {
  startedAt: string | null;
  endedAt: string | null;
}

export function Duration({ startedAt, endedAt, ...rest }: DurationProps) {
  const now = useNow(startedAt !== null && endedAt === null);
  const span = spanOf(startedAt, endedAt, now);
  if (span === null) return <Nothing />;
  return (
    <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }} {...rest}>
      {durationWords(span)}
    </Text>
  );
}

export function Nothing() {
  return (
    <Text span size="xs" c="dimmed" aria-label="none">
      –
    </Text>
  );
}
