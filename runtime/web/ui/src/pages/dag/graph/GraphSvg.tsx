/** A graph as SVG: tasks, groups that open and close, edges. Each node is a button, for keyboards and screen readers. */
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { lookOf } from '../../../states.ts';
import classes from './graph.module.css';
import { shorten } from './drawGraph.ts';
import type { GraphProps } from './GraphView.tsx';
import type { PlacedNode } from './placed.ts';
import { usePanZoom } from './usePanZoom.ts';
import { ZoomTools } from './ZoomTools.tsx';

const LIMITS = { least: 0.08, readable: 0.6 };

export function GraphSvg({ layout, stateOf, selected, onPress }: GraphProps) {
  const svg = useRef<SVGSVGElement>(null);
  const { place, fit, zoom, wasDragged } = usePanZoom(svg, layout, selected, LIMITS);
  // Panning moves all of it and draws nothing anew.
  const content = useMemo(
    () => (
      <Content
        {...{ layout, stateOf, selected }}
        onPress={(node) => wasDragged() || onPress(node)}
      />
    ),
    [layout, stateOf, selected, onPress],
  );
  return (
    <div className={classes.box}>
      <svg
        ref={svg}
        className={classes.svg}
        role="group"
        aria-label="Graph of the tasks"
        data-testid="graph"
        data-scale={place.scale.toFixed(4)}
      >
        <g transform={`translate(${place.x} ${place.y}) scale(${place.scale})`}>{content}</g>
      </svg>
      <ZoomTools zoom={zoom} fit={fit} />
    </div>
  );
}

function Content({ layout, stateOf, selected, onPress }: GraphProps) {
  return (
    <>
      {layout.nodes
        .filter(({ isOpen }) => isOpen)
        .map((node) => (
          <Around key={node.id} node={node} onPress={() => onPress(node)} />
        ))}
      {layout.edges.map(({ id, points, from, to }) => (
        <path
          key={id}
          d={pathOf(points)}
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
            onPress={() => onPress(node)}
          />
        ))}
    </>
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
        {shorten(label, width)}
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
