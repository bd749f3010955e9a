/** Pan by dragging, zoom by wheel or keys, over an SVG; `fit` shows all of it. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export interface Place {
  x: number;
  y: number;
  scale: number;
}

const LEAST = 0.08;
const MOST = 2.5;
/** A press that moves less than this is a click. */
const SLACK = 4;

export function usePanZoom(
  svg: RefObject<SVGSVGElement | null>,
  size: { width: number; height: number } | undefined,
) {
  const [place, setPlace] = useState<Place>({ x: 0, y: 0, scale: 1 });
  const dragged = useRef(false);

  const fit = useCallback(() => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || !size || size.width === 0) return;
    const scale = Math.min(1.15, (box.width - 32) / size.width, (box.height - 32) / size.height);
    // Too small to read is no view: then it begins at the left.
    const shown = Math.max(scale, 0.35);
    const x = Math.max(16, (box.width - size.width * shown) / 2);
    setPlace({ scale: shown, x, y: (box.height - size.height * shown) / 2 });
  }, [svg, size]);
  useEffect(fit, [fit]);

  const zoom = useCallback(
    (factor: number, at?: { x: number; y: number }) => {
      const box = svg.current?.getBoundingClientRect();
      const x = at?.x ?? (box?.width ?? 0) / 2;
      const y = at?.y ?? (box?.height ?? 0) / 2;
      setPlace((old) => {
        const scale = Math.min(MOST, Math.max(LEAST, old.scale * factor));
        const ratio = scale / old.scale;
        return { scale, x: x - (x - old.x) * ratio, y: y - (y - old.y) * ratio };
      });
    },
    [svg],
  );

  useEffect(() => {
    const element = svg.current;
    if (!element) return;
    // React listens to the wheel passively, which could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      zoom(Math.exp(-event.deltaY * 0.0015), at);
    };
    const onDown = (down: PointerEvent) => {
      dragged.current = false;
      const onMove = (move: PointerEvent) => {
        const far = Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY);
        if (far > SLACK) dragged.current = true;
        if (!dragged.current) return;
        setPlace((old) => ({ ...old, x: old.x + move.movementX, y: old.y + move.movementY }));
      };
      const onUp = () => {
        window.removeEventListener('pointermove', onMove);
        window.removeEventListener('pointerup', onUp);
      };
      window.addEventListener('pointermove', onMove);
      window.addEventListener('pointerup', onUp);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
    };
  }, [svg, zoom]);

  return { place, fit, zoom, wasDragged: () => dragged.current };
}
