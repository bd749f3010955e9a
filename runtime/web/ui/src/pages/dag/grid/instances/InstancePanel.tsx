/**
 * A mapped task that is open: its instances in one run, beside the grid, or over it from below where there is no room. Left
 * and right in the grid go to other runs meanwhile; Escape closes it.
 */
import { ActionIcon, CloseButton, Drawer, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { AppLink, runHref } from '../../../../parts/AppLink.tsx';
import { ErrorPanel } from '../../../../parts/feedback.tsx';
import { StateBadge } from '../../../../parts/StateBadge.tsx';
import { InstanceList } from './InstanceList.tsx';
import classes from './instances.module.css';
import type { OpenTask } from './openTask.ts';
import { useInstances } from './useInstances.ts';

/** A number finds its place by itself in a list that one sees whole. */
const MANY = 50;
/** Runs that the keyboard only passes are not asked for. */
const PASS_MS = 150;

interface Props {
  dagId: string;
  task: OpenTask;
  /** Only instances in this state. */
  among: string | undefined;
  onAmong(state: string | undefined): void;
  onRun(runId: string): void;
  onClose(): void;
}

export function InstancePanel(props: Props) {
  const { task, onClose } = props;
  const isNarrow = useMediaQuery('(max-width: 62em)', undefined, {
    getInitialValueInEffect: false,
  });
  const name = (
    <Text ff="monospace" fw={600} size="sm" className={classes.title} title={task.taskId}>
      {task.taskId}
    </Text>
  );
  if (isNarrow) {
    return (
      <Drawer
        opened
        onClose={onClose}
        position="bottom"
        size="80%"
        title={name}
        closeButtonProps={{ 'aria-label': 'Close the instances' }}
        classNames={{ content: classes.sheet, body: classes.body, title: classes.title }}
      >
        <Content {...props} />
      </Drawer>
    );
  }
  return (
    <section
      className={classes.panel}
      aria-label={`Instances of ${task.taskId}`}
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        {name}
        <CloseButton size="sm" aria-label="Close the instances" onClick={onClose} />
      </Group>
      <Content {...props} />
    </section>
  );
}

function Content({ dagId, task, among, onAmong, onRun }: Props) {
  const { runId } = task.run;
  const [shown] = useDebouncedValue(runId, PASS_MS);
  const [index, setIndex] = useState('');
  const [goTo, setGoTo] = useState<number>();
  // Of the run in the address, which the list follows a moment later.
  const total = task.counts.find(([known]) => known === among)?.[1] ?? task.total;
  const run = { dagId, runId: shown };
  const instances = useInstances({ run, taskId: task.taskId, state: among, total });
  return (
    <>
      <Group gap={4} wrap="nowrap">
        <Step label="Older run" to={task.older} onRun={onRun}>
          <IconChevronLeft size={16} />
        </Step>
        <div className={classes.run}>
          <AppLink href={runHref(dagId, runId)} ff="monospace" size="xs">
            {runId}
          </AppLink>
        </div>
        <Step label="Newer run" to={task.newer} onRun={onRun}>
          <IconChevronRight size={16} />
        </Step>
      </Group>
      <div className={classes.states} role="group" aria-label="Only instances in one state">
        <Choice isChosen={among === undefined} onChoose={() => onAmong(undefined)}>
          <Text span size="xs" fw={500}>
            {task.total === 1 ? '1 instance' : `All ${task.total}`}
          </Text>
        </Choice>
        {task.counts.map(([one, count]) => (
          <Choice
            key={one}
            isChosen={among === one}
            onChoose={() => onAmong(among === one ? undefined : one)}
          >
            <StateBadge state={one} count={count} />
          </Choice>
        ))}
        {among === undefined && task.total > MANY && (
          <form
            className={classes.goTo}
            onSubmit={(event) => {
              event.preventDefault();
              if (/^\d+$/.test(index)) setGoTo(Number(index));
            }}
          >
            <TextInput
              size="xs"
              w={92}
              inputMode="numeric"
              enterKeyHint="go"
              placeholder="Go to [ ]"
              aria-label="Go to the instance with this number"
              value={index}
              onChange={({ currentTarget: { value } }) => setIndex(value.replace(/\D/g, ''))}
            />
          </form>
        )}
      </div>
      {/* Beside the list, which keeps its place meanwhile. */}
      {Boolean(instances.error) && <ErrorPanel error={instances.error} retry={instances.retry} />}
      <InstanceList
        key={`${shown} ${among}`}
        run={run}
        instances={instances}
        goTo={goTo}
        onWent={() => setGoTo(undefined)}
      />
    </>
  );
}

interface StepProps {
  label: string;
  to: string | undefined;
  onRun(runId: string): void;
  children: ReactNode;
}

function Step({ label, to, onRun, children }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        className={classes.step}
        disabled={to === undefined}
        onClick={() => to !== undefined && onRun(to)}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface ChoiceProps {
  isChosen: boolean;
  onChoose(): void;
  children: ReactNode;
}

function Choice({ isChosen, onChoose, children }: ChoiceProps) {
  return (
    <button type="button" className={classes.choice} aria-pressed={isChosen} onClick={onChoose}>
      {children}
    </button>
  );
}
