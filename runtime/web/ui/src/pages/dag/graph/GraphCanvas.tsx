/**
 * A large graph on one canvas: ten thousand tasks without a DOM node each. The mouse or the arrow keys mark a node, a press
 * or Enter takes it, and a line below says it in words, for eyes and screen readers alike.
 */
import { Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { lookOf } from '../../../states.ts';
import { inkOf } from '../grid/ink.ts';
import { drawGraph } from './drawGraph.ts';
import classes from './graph.module.css';
import type { GraphProps } from './GraphView.tsx';
import type { PlacedNode } from './placed.ts';
import { type Direction, nextNode, nodeAt } from './nearestNode.ts';
import { usePanZoom } from './usePanZoom.ts';
import { ZoomTools } from './ZoomTools.tsx';

const LIMITS = { least: 0.004, readable: 0.004 };
const ZOOMS: Record<string, number> = { '+': 1.3, '=': 1.3, '-': 1 / 1.3 };

export function GraphCanvas({ layout, stateOf, selected, onPress }: GraphProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref: sized, width, height } = useElementSize<HTMLDivElement>();
  const merged = useMergedRef(box, sized);
  const scheme = useComputedColorScheme('light');
  const { place, fit, zoom, lookAt, wasDragged } = usePanZoom(box, layout, selected, LIMITS);
  const [hover, setHover] = useState<PlacedNode>();
  const [marked, setMarked] = useState<PlacedNode>();
  const states = useMemo(() => layout.nodes.map(stateOf), [layout, stateOf]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    element.width = width * window.devicePixelRatio;
    element.height = height * window.devicePixelRatio;
  }, [width, height]);

  useEffect(() => {
    const paint = canvas.current?.getContext('2d');
    if (!paint || width === 0) return;
    // Many moves of the mouse in one frame are one picture.
    const frame = requestAnimationFrame(() => {
      const scale = window.devicePixelRatio;
      paint.setTransform(scale, 0, 0, scale, 0, 0);
      const mark = (hover ?? marked)?.id;
      const ink = inkOf(paint.canvas);
      drawGraph(paint, { layout, states, place, width, height, selected, hover: mark, ink });
    });
    return () => cancelAnimationFrame(frame);
  }, [layout, states, place, width, height, selected, hover, marked, scheme]);

  const nodeBelow = (event: MouseEvent): PlacedNode | undefined => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - left - place.x) / place.scale;
    return nodeAt(layout, x, (event.clientY - top - place.y) / place.scale);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const factor = ZOOMS[key];
    if (factor !== undefined) zoom(factor);
    else if (key === '0') fit();
    else if (key.startsWith('Arrow')) {
      const from = marked ?? layout.nodes.find(({ id }) => id === selected);
      const next = nextNode(layout, from, key as Direction);
      if (!next) return;
      setMarked(next);
      lookAt(next);
    } else if ((key === 'Enter' || key === ' ') && marked) onPress(marked);
    else return;
    event.preventDefault();
  };
  const said = hover ?? marked;
  return (
    <>
      <div className={classes.box}>
        <div
          ref={merged}
          className={classes.area}
          role="application"
          aria-label={`Graph of ${layout.nodes.length} nodes; arrow keys move, Enter opens, + and - zoom, 0 shows all`}
          tabIndex={0}
          data-testid="graph"
          data-scale={place.scale.toFixed(4)}
          onKeyDown={onKeyDown}
          onMouseMove={(event) => setHover(nodeBelow(event))}
          onMouseLeave={() => setHover(undefined)}
          onClick={(event) => {
            const node = nodeBelow(event);
            if (!node || wasDragged()) return;
            setMarked(node);
            onPress(node);
          }}
        >
          <canvas ref={canvas} style={{ width, height, display: 'block' }} />
        </div>
        <ZoomTools zoom={zoom} fit={fit} />
      </div>
      <Text size="xs" c="dimmed" mt={6} mih={20} role="status" data-testid="graph-words">
        {said && wordsOf(said, stateOf(said))}
      </Text>
    </>
  );
}

function wordsOf({ kind, label, id, isOpen, places }: PlacedNode, state: string | undefined) {
  const states = state === undefined ? '' : `: ${lookOf(state).words}`;
  if (kind === 'task') return `${id.slice('task '.length)}${states}`;
  return `group ${label} of ${places.length} tasks, ${isOpen ? 'open' : 'closed'}${states}`;
}
