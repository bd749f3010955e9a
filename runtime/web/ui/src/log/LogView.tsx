/**
 * The log of an attempt: sources, levels, search through all of it, wrap, follow, download. Where one looks is part of the
 * address (`view`), so every line can be linked. Shown on the page of a task instance.
 */
import { ActionIcon, Alert, Center, Group, Loader, Progress, Text, Tooltip } from '@mantine/core';
import { Select, Switch, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDownload, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { atLeast, type Level, levelOf, LEVELS } from './level.ts';
import { LogLines } from './LogLines.tsx';
import { searchLog } from './searchLog.ts';
import { type LiveLogSource, useLog } from './useLog.ts';

/** What of the log stands in the address. */
export interface LogPlace {
  source: string;
  /** Byte of the line that is looked at; undefined: the end. */
  at?: number;
  level?: Level;
  wrap?: boolean;
  find?: string;
}

interface Props {
  log: LiveLogSource;
  sources: readonly string[];
  place: LogPlace;
  onPlace(place: LogPlace): void;
  linkOf(place: LogPlace): string;
  downloadUrl: string;
  height?: string;
}

export function LogView({ log, sources, place, onPlace, linkOf, downloadUrl, height }: Props) {
  const [opened, setOpened] = useState(place.at ?? -1);
  const [isFollowing, setFollowing] = useState(place.at === undefined);
  const { state, isOpen, error, grow } = useLog(log, { at: opened, isFollowing });
  const least = place.level ?? 'debug';
  const isWrapped = place.wrap ?? true;
  const lines = useMemo(
    () =>
      least === 'debug'
        ? state.lines
        : state.lines.filter(({ text }) => atLeast(levelOf(text), least)),
    [state.lines, least],
  );
  const choose = (at: number) => {
    setFollowing(false);
    const isHere = at >= state.start && at < state.end;
    if (!isHere) setOpened(at);
    onPlace({ ...place, at });
  };
  const follow = () => {
    setFollowing(true);
    if (state.end < state.size) setOpened((was) => (was === -1 ? -2 : -1));
    onPlace({ ...place, at: undefined });
  };

  return (
    <div style={{ display: 'flex', flexDirection: 'column', gap: 8, height: height ?? '70vh' }}>
      <Group gap="xs" wrap="wrap">
        <Search
          log={log}
          words={place.find ?? ''}
          least={least}
          from={place.at ?? -1}
          onWords={(find) => onPlace({ ...place, find: find === '' ? undefined : find })}
          onFound={choose}
        />
        {sources.length > 1 && (
          <Select
            size="xs"
            w={150}
            aria-label="Source of the log"
            data={sources.map((value) => ({ value, label: value }))}
            value={place.source}
            allowDeselect={false}
            onChange={(source) => source && onPlace({ ...place, source, at: undefined })}
          />
        )}
        <Select
          size="xs"
          w={110}
          aria-label="Least level"
          data={LEVELS.map((value) => ({
            value,
            label: value === 'debug' ? 'all levels' : `${value}+`,
          }))}
          value={least}
          allowDeselect={false}
          onChange={(level) =>
            onPlace({ ...place, level: level === 'debug' ? undefined : (level as Level) })
          }
        />
        <Switch
          size="xs"
          label="Wrap"
          checked={isWrapped}
          onChange={({ currentTarget }) =>
            onPlace({ ...place, wrap: currentTarget.checked ? undefined : false })
          }
        />
        <Switch
          size="xs"
          label={state.isComplete ? 'At the end' : 'Follow'}
          checked={isFollowing}
          onChange={({ currentTarget }) => (currentTarget.checked ? follow() : setFollowing(false))}
        />
        <Text size="xs" c="dimmed" ml="auto" data-testid="log-size">
          {bytesWords(state.size)}
          {state.isComplete ? '' : ', going on'}
        </Text>
        <Tooltip label="Download the whole log">
          <ActionIcon
            component="a"
            variant="default"
            href={downloadUrl}
            download
            aria-label="Download the whole log"
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {error && (
        <Alert color="red" title="The log cannot be read">
          {error.message}
        </Alert>
      )}
      {isOpen && lines.length === 0 ? (
        <Center h={160}>
          <Text c="dimmed" size="sm">
            {state.lines.length > 0
              ? 'No line of this part has this level: the arrows look through the whole log.'
              : 'Nothing has been written yet.'}
          </Text>
        </Center>
      ) : isOpen ? (
        <div style={{ flex: 1, minHeight: 0 }}>
          <LogLines
            state={state}
            lines={lines}
            isWrapped={isWrapped}
            isFollowing={isFollowing}
            find={place.find ?? ''}
            chosen={place.at ?? null}
            linkOf={(at) => linkOf({ ...place, at })}
            onChoose={choose}
            onNear={grow}
            onLeaveEnd={() => setFollowing(false)}
          />
        </div>
      ) : (
        !error && (
          <Center h={160}>
            <Loader size="sm" aria-label="Loading the log" />
          </Center>
        )
      )}
    </div>
  );
}

interface SearchProps {
  log: LiveLogSource;
  words: string;
  least: Level;
  from: number;
  onWords(words: string): void;
  onFound(offset: number): void;
}

function Search({ log, words, least, from, onWords, onFound }: SearchProps) {
  const [share, setShare] = useState<number | null>(null);
  const [isMissing, setMissing] = useState(false);
  const abort = useRef<AbortController>(null);
  // A search is for these words in this log: it ends with them.
  useEffect(() => () => abort.current?.abort(), [log, words, least]);
  const seek = (direction: 1 | -1) => {
    // Without words to the next line of the level that is chosen.
    if (words === '' && least === 'debug') return;
    abort.current?.abort();
    const mine = (abort.current = new AbortController());
    setMissing(false);
    setShare(0);
    searchLog(log, { words, least }, { from, direction, signal: mine.signal, onProgress: setShare })
      .then(
        (offset) => {
          if (mine.signal.aborted) return;
          if (offset === null) setMissing(true);
          else onFound(offset);
        },
        () => setMissing(!mine.signal.aborted),
      )
      .finally(() => abort.current === mine && setShare(null));
  };
  return (
    <Group gap={4}>
      <div style={{ width: 240 }}>
        <TextInput
          size="xs"
          aria-label="Search the log"
          placeholder="Search the whole log"
          leftSection={<IconSearch size={14} />}
          value={words}
          error={isMissing ? 'Nowhere in this log' : undefined}
          onChange={({ currentTarget }) => {
            setMissing(false);
            onWords(currentTarget.value);
          }}
          onKeyDown={({ key, shiftKey }) => {
            if (key === 'Enter') seek(shiftKey ? -1 : 1);
            if (key === 'Escape') abort.current?.abort();
          }}
        />
        {share !== null && <Progress size={2} value={share * 100} aria-label="Searching" />}
      </div>
      <ActionIcon variant="default" aria-label="Search before" onClick={() => seek(-1)}>
        <IconArrowUp size={14} />
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Search behind" onClick={() => seek(1)}>
        <IconArrowDown size={14} />
      </ActionIcon>
    </Group>
  );
}

export function bytesWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(2)} GB`;
}
