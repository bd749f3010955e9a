/** Bars from left to right, each of coloured parts; what one says shows on hover. Home and the durations of a DAG show it. */
import { Group, Text, Tooltip } from '@mantine/core';
import { AppLink } from './AppLink.tsx';
import { axisOf } from './axis.ts';
import classes from './bars.module.css';

export interface Bar {
  key: string;
  /** All that is known of it, in words. */
  words: string;
  /** Opens what it stands for. */
  href?: string;
  /** Below the bar, where there is room. */
  label?: string;
  parts: readonly { color: string; value: number }[];
}

interface Props {
  name: string;
  bars: readonly Bar[];
  unit: 'count' | 'seconds';
  height: number;
  axisWords(value: number): string;
  legend?: readonly { color: string; words: string }[];
}

export function StackedBars({ name, bars, unit, height, axisWords, legend = [] }: Props) {
  const sums = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const axis = axisOf(Math.max(0, ...sums), unit);
  const top = axis.at(-1) ?? 1;
  return (
    <div>
      <div className={classes.chart} style={{ height }} role="group" aria-label={name}>
        {axis.map((value) => (
          <div
            key={value}
            className={classes.line}
            style={{ bottom: `calc(18px + (100% - 26px) * ${value / top})` }}
            aria-hidden
          >
            <span>{axisWords(value)}</span>
          </div>
        ))}
        <div className={classes.bars}>
          {bars.map((bar) => (
            <OneBar key={bar.key} bar={bar} top={top} />
          ))}
        </div>
      </div>
      {legend.length > 0 && (
        <Group gap="md" justify="flex-end" mt={4}>
          {legend.map(({ color, words }) => (
            <Group key={words} gap={6}>
              <span className={classes.sample} style={{ background: color }} aria-hidden />
              <Text size="xs" c="dimmed">
                {words}
              </Text>
            </Group>
          ))}
        </Group>
      )}
    </div>
  );
}

function OneBar({ bar: { words, href, label, parts }, top }: { bar: Bar; top: number }) {
  const stack = (
    <span className={classes.stack}>
      {parts
        .filter(({ value }) => value > 0)
        .map(({ color, value }) => (
          <span key={color} style={{ height: `${(value / top) * 100}%`, background: color }} />
        ))}
    </span>
  );
  return (
    <Tooltip label={words}>
      {href === undefined ? (
        <span className={classes.bar} role="img" aria-label={words}>
          {stack}
          <Label text={label} />
        </span>
      ) : (
        <span className={classes.bar}>
          <AppLink href={href} aria-label={words} className={classes.link} underline="never">
            {stack}
          </AppLink>
          <Label text={label} />
        </span>
      )}
    </Tooltip>
  );
}

function Label({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <span className={classes.label} aria-hidden>
      {text}
    </span>
  );
}
