import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/**
 * How wide a drawing's place is, in CSS pixels: drawings are made for it, so that their words keep their size on a phone
 * and on a wide screen. `before` is what it is taken for until it was measured, which is before it is painted.
 */
export function useWidth<E extends Element>(before: number): [RefObject<E | null>, number] {
  const place = useRef<E>(null);
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => setWidth(Math.round(element.getBoundingClientRect().width) || before);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [before]);
  return [place, width];
}
