/** A laid out graph as SVG: tasks, groups that open and close, edges; pan and zoom; states as they are now. */
import { ActionIcon, Group } from '@mantine/core';
import { IconArrowsMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { lookOf } from '../../../states.ts';
import classes from './graph.module.css';
import type { Layout, PlacedNode } from './layout.ts';
import { usePanZoom } from './usePanZoom.ts';

interface Props {
  layout: Layout;
  /** State of a shown node; undefined: no run is chosen or the task is not in it. */
  stateOf(node: PlacedNode): string | undefined;
  selected: string | undefined;
  onPress(node: PlacedNode): void;
}

export function GraphView({ layout, stateOf, selected, onPress }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const { place, fit, zoom, wasDragged } = usePanZoom(svg, layout);
  const edges = useMemo(
    () => layout.edges.map(({ id, points, from, to }) => ({ id, from, to, path: pathOf(points) })),
    [layout],
  );
  return (
    <div className={classes.box}>
      <svg
        ref={svg}
        className={classes.svg}
        role="group"
        aria-label="Graph of the tasks"
        data-testid="graph"
      >
        <g transform={`translate(${place.x} ${place.y}) scale(${place.scale})`}>
          {layout.nodes
            .filter(({ isOpen }) => isOpen)
            .map((node) => (
              <Around key={node.id} node={node} onPress={() => wasDragged() || onPress(node)} />
            ))}
          {edges.map(({ id, path, from, to }) => (
            <path
              key={id}
              d={path}
              className={classes.edge}
              data-near={selected === from || selected === to}
            />
          ))}
          {layout.nodes
            .filter(({ isOpen }) => !isOpen)
            .map((node) => (
              <Node
                key={node.id}
                node={node}
                state={stateOf(node)}
                isSelected={node.id === selected}
                onPress={() => wasDragged() || onPress(node)}
              />
            ))}
        </g>
      </svg>
      <Group gap={4} className={classes.tools}>
        <ActionIcon variant="default" aria-label="Zoom in" onClick={() => zoom(1.3)}>
          <IconPlus size={15} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label="Zoom out" onClick={() => zoom(1 / 1.3)}>
          <IconMinus size={15} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label="Show all" onClick={fit}>
          <IconArrowsMaximize size={15} />
        </ActionIcon>
      </Group>
    </div>
  );
}

function pressKeys(onPress: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onPress();
  };
}

function Around({ node, onPress }: { node: PlacedNode; onPress: () => void }) {
  const { x, y, width, height, label } = node;
  return (
    <g
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-label={`Close the group ${label}`}
      onClick={onPress}
      onKeyDown={pressKeys(onPress)}
      className={classes.around}
    >
      <rect width={width} height={height} rx={10} />
      <text x={14} y={21} className={classes.title}>
        ▾ {label}
      </text>
    </g>
  );
}

interface NodeProps {
  node: PlacedNode;
  state: string | undefined;
  isSelected: boolean;
  onPress(): void;
}

function Node({ node, state, isSelected, onPress }: NodeProps) {
  const { x, y, width, height, label, kind, places } = node;
  const { color, words } = lookOf(state ?? 'none');
  const said = state === undefined ? label : `${label}: ${words}`;
  const most = Math.floor((width - 42) / 7);
  const short = label.length > most ? `${label.slice(0, most - 1)}…` : label;
  return (
    <g
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-label={kind === 'group' ? `Open the group ${said}` : said}
      onClick={onPress}
      onKeyDown={pressKeys(onPress)}
      className={classes.node}
      data-selected={isSelected}
      data-state={state}
    >
      <title>{kind === 'group' ? `${said}, ${places.length} tasks` : said}</title>
      {kind === 'group' && (
        <rect x={4} y={4} width={width} height={height} rx={8} className={classes.behind} />
      )}
      <rect width={width} height={height} rx={8} className={classes.face} />
      <rect
        x={0.5}
        y={0.5}
        width={4}
        height={height - 1}
        rx={2}
        fill={state === undefined ? 'var(--podline-line)' : color}
      />
      <circle
        cx={19}
        cy={height / 2}
        r={5.5}
        fill={state === undefined ? 'none' : color}
        stroke={state === undefined ? 'var(--mantine-color-dimmed)' : color}
        className={state === 'running' ? classes.pulsing : undefined}
      />
      <text x={32} y={height / 2 + 4}>
        {short}
      </text>
    </g>
  );
}

/** Splines come as start, then two control points and an end each; straight pieces as two points. */
function pathOf(points: readonly { x: number; y: number }[]): string {
  const [start, ...rest] = points;
  if (!start) return '';
  let path = `M${start.x} ${start.y}`;
  let place = 0;
  for (; place + 2 < rest.length; place += 3) {
    const [a, b, c] = rest.slice(place, place + 3);
    if (a && b && c) path += `C${a.x} ${a.y} ${b.x} ${b.y} ${c.x} ${c.y}`;
  }
  for (const { x, y } of rest.slice(place)) path += `L${x} ${y}`;
  return path;
}
