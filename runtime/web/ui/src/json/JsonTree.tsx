/**
 * A JSON value as a tree that opens and closes; long lists open in parts. Every string is text, with hidden characters
 * written out. Used for XComs, params, specs of tasks and details of the audit log.
 */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '../params/fields.ts';
import { visibleText } from '../log/visibleText.ts';
import classes from './json.module.css';

const PART = 100;
const LONG_TEXT = 2000;

interface Props {
  value: Json;
  /** Levels that are open at first. */
  depth?: number;
}

export function JsonTree({ value, depth = 2 }: Props) {
  return (
    <div className={classes.tree} data-testid="json">
      <Node value={value} depth={depth} />
    </div>
  );
}

function Node({ name, value, depth }: { name?: string; value: Json; depth: number }) {
  const [isOpen, setOpen] = useState(depth > 0);
  const [most, setMost] = useState(PART);
  const label =
    name === undefined ? null : <span className={classes.key}>{visibleText(name)}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={classes.leaf}>
        {label}
        <Leaf value={value} />
      </div>
    );
  }
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0)
    return (
      <div className={classes.leaf}>
        {label}
        {open}
        {close}
      </div>
    );
  return (
    <div>
      <UnstyledButton
        className={classes.toggle}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden className={classes.arrow}>
          {isOpen ? '▾' : '▸'}
        </span>
        {label}
        {open}
        {!isOpen && (
          <span className={classes.count}>
            {' '}
            {entries.length} {close}
          </span>
        )}
      </UnstyledButton>
      {isOpen && (
        <div className={classes.inside}>
          {entries.slice(0, most).map(([key, one]) => (
            <Node key={key} name={key} value={one} depth={depth - 1} />
          ))}
          {entries.length > most && (
            <UnstyledButton className={classes.more} onClick={() => setMost(most + 10 * PART)}>
              {entries.length - most} more
            </UnstyledButton>
          )}
        </div>
      )}
      {isOpen && <div className={classes.leaf}>{close}</div>}
    </div>
  );
}

function Leaf({ value }: { value: string | number | boolean | null }) {
  const [isWhole, setWhole] = useState(false);
  if (typeof value !== 'string') return <span className={classes.plain}>{String(value)}</span>;
  const text = isWhole ? value : value.slice(0, LONG_TEXT);
  return (
    <>
      <span className={classes.text}>
        "{visibleText(text)}
        {text.length < value.length ? '…' : '"'}
      </span>
      {text.length < value.length && (
        <UnstyledButton className={classes.more} onClick={() => setWhole(true)}>
          all {value.length} characters
        </UnstyledButton>
      )}
    </>
  );
}
