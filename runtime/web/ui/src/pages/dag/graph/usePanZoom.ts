/**
 * Pan by dragging, zoom by wheel, two fingers or buttons, over the element that shows a graph; `fit` shows all of it. What
 * is selected comes into view.
 */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Layout } from './placed.ts';

export interface Place {
  x: number;
  y: number;
  scale: number;
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `least`: the smallest scale; `readable`: it begins no smaller, and at the left instead. */
export interface Limits {
  least: number;
  readable: number;
}

const MOST = 2.5;
const EDGE = 16;
/** A press that moves less than this is a click. */
const SLACK = 4;

export function usePanZoom(
  element: RefObject<Element | null>,
  layout: Layout,
  selected: string | undefined,
  { least, readable }: Limits,
) {
  const [place, setPlace] = useState<Place>({ x: 0, y: 0, scale: 1 });
  const dragged = useRef(false);

  const show = useCallback(
    (smallest: number) => {
      const box = element.current?.getBoundingClientRect();
      if (!box || layout.width === 0) return;
      const [wide, high] = [box.width - 2 * EDGE, box.height - 2 * EDGE];
      const shown = Math.max(Math.min(1.15, wide / layout.width, high / layout.height), smallest);
      const x = Math.max(EDGE, (box.width - layout.width * shown) / 2);
      setPlace({ scale: shown, x, y: (box.height - layout.height * shown) / 2 });
    },
    [element, layout],
  );
  const fit = useCallback(() => show(least), [show, least]);
  useEffect(() => show(readable), [show, readable]);

  const zoom = useCallback(
    (factor: number, at?: { x: number; y: number }) => {
      const box = element.current?.getBoundingClientRect();
      const x = at?.x ?? (box?.width ?? 0) / 2;
      const y = at?.y ?? (box?.height ?? 0) / 2;
      setPlace((old) => {
        const scale = Math.min(MOST, Math.max(least, old.scale * factor));
        const ratio = scale / old.scale;
        return { scale, x: x - (x - old.x) * ratio, y: y - (y - old.y) * ratio };
      });
    },
    [element, least],
  );

  /** Brings a node into the middle, large enough to read; one that can be read where it is stays there. */
  const lookAt = useCallback(
    ({ x, y, width, height }: Rectangle) => {
      const box = element.current?.getBoundingClientRect();
      if (!box) return;
      setPlace((old) => {
        const left = old.x + x * old.scale;
        const top = old.y + y * old.scale;
        const isInView =
          old.scale >= 0.5 &&
          left >= 0 &&
          top >= 0 &&
          left + width * old.scale <= box.width &&
          top + height * old.scale <= box.height;
        if (isInView) return old;
        const scale = Math.max(old.scale, 0.9);
        return {
          scale,
          x: box.width / 2 - (x + width / 2) * scale,
          y: box.height / 2 - (y + height / 2) * scale,
        };
      });
    },
    [element],
  );
  useEffect(() => {
    const node = layout.nodes.find(({ id }) => id === selected);
    if (node) lookAt(node);
  }, [layout, selected, lookAt]);

  useEffect(() => {
    const shown = element.current;
    if (!shown) return;
    const within = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const box = shown.getBoundingClientRect();
      return { x: clientX - box.left, y: clientY - box.top };
    };
    // React listens to the wheel passively, which could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * 0.0015), within(event));
    };
    const fingers = new Map<number, PointerEvent>();
    const apart = () => {
      const [a, b] = [...fingers.values()];
      return a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;
    };
    let from = { x: 0, y: 0 };
    const onDown = (event: PointerEvent) => {
      fingers.set(event.pointerId, event);
      if (fingers.size > 1) return;
      dragged.current = false;
      from = { x: event.clientX, y: event.clientY };
    };
    const onMove = (event: PointerEvent) => {
      const last = fingers.get(event.pointerId);
      if (!last) return;
      const before = apart();
      fingers.set(event.pointerId, event);
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLACK) {
        dragged.current = true;
      }
      if (!dragged.current) return;
      if (fingers.size > 1) {
        if (before > 0) zoom(apart() / before, within(event));
        return;
      }
      const [right, down] = [event.clientX - last.clientX, event.clientY - last.clientY];
      setPlace((old) => ({ ...old, x: old.x + right, y: old.y + down }));
    };
    const onUp = ({ pointerId }: PointerEvent) => fingers.delete(pointerId);
    const listeners: [EventTarget, string, (event: never) => void][] = [
      [shown, 'wheel', onWheel],
      [shown, 'pointerdown', onDown],
      [window, 'pointermove', onMove],
      [window, 'pointerup', onUp],
      [window, 'pointercancel', onUp],
    ];
    for (const [target, name, listen] of listeners) {
      target.addEventListener(name, listen as EventListener, { passive: false });
    }
    return () => {
      for (const [target, name, listen] of listeners) {
        target.removeEventListener(name, listen as EventListener);
      }
    };
  }, [element, zoom]);

  return { place, fit, zoom, lookAt, wasDragged: () => dragged.current };
}
