import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const smallest = 0.1;
const largest = 3;
/** Below this the words in the boxes can hardly be read: a drawing that does not fit is scrolled instead. */
const readable = 0.8;

/**
 * Zoom of a drawing in a frame that scrolls: plus, minus and 0 on the keyboard, two fingers, the wheel with Ctrl; a mouse
 * drags it. What was in the middle stays there.
 */
export function useZoom(frame: RefObject<HTMLElement | null>, width: number, height: number) {
  const [chosen, setChosen] = useState<number>();
  const [frameWidth, setFrameWidth] = useState(width);
  const scale = chosen ?? Math.min(1, Math.max(readable, frameWidth / width));
  const latest = useRef(scale);
  useEffect(() => {
    latest.current = scale;
  }, [scale]);

  const show = useCallback(
    (next: number) => {
      const element = frame.current;
      const wanted = Math.min(largest, Math.max(smallest, next));
      const factor = wanted / latest.current;
      setChosen(wanted);
      latest.current = wanted;
      if (!element) return;
      const x = element.scrollLeft + element.clientWidth / 2;
      const y = element.scrollTop + element.clientHeight / 2;
      requestAnimationFrame(() => {
        element.scrollTo(x * factor - element.clientWidth / 2, y * factor - element.clientHeight / 2);
      });
    },
    [frame],
  );
  const zoom = useCallback((factor: number) => show(latest.current * factor), [show]);
  const fit = useCallback(() => {
    const element = frame.current;
    if (element) show(Math.min(1, element.clientWidth / width, 600 / height));
  }, [frame, show, width, height]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setFrameWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const ends = new AbortController();
    const { signal } = ends;
    element.addEventListener('keydown', (event) => onKey(event, zoom, fit), { signal });
    element.addEventListener('wheel', (event) => onWheel(event, zoom), { signal, passive: false });
    listenToPinch(element, zoom, signal);
    listenToDrag(element, signal);
    return () => ends.abort();
  }, [frame, zoom, fit]);

  return { scale, zoom, fit };
}

function onKey(event: KeyboardEvent, zoom: (factor: number) => void, fit: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '+' || event.key === '=') zoom(1.25);
  else if (event.key === '-') zoom(0.8);
  else if (event.key === '0') fit();
  else return;
  event.preventDefault();
}

function onWheel(event: WheelEvent, zoom: (factor: number) => void): void {
  // Without Ctrl (which a pinch on a trackpad sets) the wheel scrolls, as everywhere.
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(2 ** (-event.deltaY / 200));
}

function listenToPinch(element: HTMLElement, zoom: (factor: number) => void, signal: AbortSignal): void {
  let apart = 0;
  element.addEventListener('touchstart', ({ touches }) => void (apart = spread(touches)), { signal, passive: true });
  element.addEventListener(
    'touchmove',
    (event) => {
      const now = spread(event.touches);
      if (apart === 0 || now === 0) return;
      event.preventDefault();
      zoom(now / apart);
      apart = now;
    },
    { signal, passive: false },
  );
}

/** Distance of two fingers; 0 for any other number of them. */
function spread(touches: TouchList): number {
  const [a, b] = [touches[0], touches[1]];
  return a && b && touches.length === 2 ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;
}

function listenToDrag(element: HTMLElement, signal: AbortSignal): void {
  let last: { x: number; y: number } | undefined;
  const begin = (event: PointerEvent) => {
    // Fingers scroll by themselves.
    if (event.pointerType === 'mouse' && event.button === 0) last = { x: event.clientX, y: event.clientY };
  };
  const move = (event: PointerEvent) => {
    if (!last) return;
    element.scrollBy(last.x - event.clientX, last.y - event.clientY);
    last = { x: event.clientX, y: event.clientY };
  };
  const end = () => void (last = undefined);
  element.addEventListener('pointerdown', begin, { signal });
  window.addEventListener('pointermove', move, { signal });
  window.addEventListener('pointerup', end, { signal });
}
