/** Tab of the calendar: a year of days, each coloured by how its runs ended. A day leads to its runs. */
import { ActionIcon, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { calendarQuery } from '../../api/queries.ts';
import type { Calendar } from '../../api/types.ts';
import { dayHref, useOpen } from '../../parts/AppLink.tsx';
import { Loaded } from '../../parts/feedback.tsx';
import classes from '../../parts/parts.module.css';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { dagRoute } from '../../routes/dag.ts';
import { stateColor } from '../../states.ts';

const CELL = 15;
const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function CalendarTab({ dagId }: { dagId: string }) {
  const { year = new Date().getFullYear() } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const query = useQuery(calendarQuery(dagId, year));
  const go = (next: number) => void navigate({ search: (old) => ({ ...old, year: next }) });
  return (
    <>
      <Group gap="xs" mb="sm">
        <ActionIcon variant="default" aria-label="The year before" onClick={() => go(year - 1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <Text fw={600}>{year}</Text>
        <ActionIcon variant="default" aria-label="The year after" onClick={() => go(year + 1)}>
          <IconChevronRight size={16} />
        </ActionIcon>
      </Group>
      <Loaded query={query}>{(calendar) => <Year dagId={dagId} calendar={calendar} />}</Loaded>
    </>
  );
}

type Day = Calendar['days'][number];

/** A day with a failure is of failure, however many went well. */
function stateOf({ failed, running, queued }: Day): string {
  if (failed > 0) return 'failed';
  if (running > 0) return 'running';
  return queued > 0 ? 'queued' : 'success';
}

const SQUARE = { width: CELL - 3, height: CELL - 3, rx: 3 };

interface DayProps {
  dagId: string;
  day: Day;
  /** Runs of the day with the most. */
  most: number;
  x: number;
  y: number;
}

function DayLink({ dagId, day, most, x, y }: DayProps) {
  const open = useOpen();
  const href = dayHref(dagId, day.day);
  const count = day.failed + day.success + day.running + day.queued;
  const words = `${day.day}: ${day.success} success, ${day.failed} failed, ${day.running} running, ${day.queued} queued`;
  return (
    <a
      href={href}
      aria-label={words}
      className={classes.day}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        open(href);
      }}
    >
      <rect
        {...{ x, y }}
        {...SQUARE}
        fill={stateColor(stateOf(day))}
        fillOpacity={0.45 + 0.55 * Math.min(1, count / most)}
      >
        <title>{words}</title>
      </rect>
    </a>
  );
}

interface YearProps {
  dagId: string;
  calendar: Calendar;
}

function Year({ dagId, calendar: { year, timezone, days } }: YearProps) {
  const first = Date.UTC(year, 0, 1);
  const known = new Map(days.map((day) => [day.day, day]));
  const offset = (new Date(first).getUTCDay() + 6) % 7;
  const length = Math.round((Date.UTC(year + 1, 0, 1) - first) / DAY_MS);
  const weeks = Math.ceil((offset + length) / 7);
  const most = Math.max(1, ...days.map((day) => day.failed + day.success + day.running));
  return (
    <>
      <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label="Days of the year">
        <svg
          width={weeks * CELL + 30}
          height={7 * CELL + 24}
          role="group"
          aria-label={`Runs of ${year}`}
        >
          {MONTHS.map((month, place) => {
            const day = (Date.UTC(year, place, 1) - first) / DAY_MS;
            const x = 30 + Math.floor((offset + day + 6) / 7) * CELL;
            return (
              <text key={month} x={x} y={10} fontSize={10} fill="var(--mantine-color-dimmed)">
                {month}
              </text>
            );
          })}
          {['Mon', '', 'Wed', '', 'Fri', '', ''].map((name, place) => (
            <text
              key={place}
              x={0}
              y={28 + place * CELL}
              fontSize={10}
              fill="var(--mantine-color-dimmed)"
            >
              {name}
            </text>
          ))}
          {Array.from({ length }, (_, place) => {
            const name = new Date(first + place * DAY_MS).toISOString().slice(0, 10);
            const x = 30 + Math.floor((offset + place) / 7) * CELL;
            const y = 18 + ((offset + place) % 7) * CELL;
            const day = known.get(name);
            return day ? (
              <DayLink key={name} {...{ dagId, day, most, x, y }} />
            ) : (
              <rect key={name} {...{ x, y }} {...SQUARE} fill="var(--podline-line)">
                <title>{`${name}: no runs`}</title>
              </rect>
            );
          })}
        </svg>
      </div>
      <Group gap="md" mt="xs">
        {['success', 'failed', 'running', 'queued'].map((state) => (
          <StateBadge key={state} state={state} />
        ))}
        <Text size="xs" c="dimmed">
          days of {timezone}
        </Text>
      </Group>
    </>
  );
}
