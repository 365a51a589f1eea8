import type { Refusal } from '../refusal.ts';
import { useEffect, useRef, useState } from 'react';

/**
 * Refusals that the whole page, loaded again, says itself. Any other stays in the frame: loading again would open the
 * message again, be refused again, and so on.
 */
const saidByThePage = new Set<string>(['revoked', 'expired', 'signedOut'] satisfies Refusal[]);

/**
 * The message's body in a frame that runs no script. Being of the same origin it can be measured from here, so that the
 * page scrolls and not the frame (mount one for each `src`). A frame that was refused loads the whole page again, which says why.
 */
export function MessageBody({ title, src }: { readonly title: string; readonly src: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number>();

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let observer: ResizeObserver | undefined;
    const measure = () => {
      const page = element.contentDocument;
      if (page === null || page.URL === 'about:blank') return;
      if (saidByThePage.has(page.documentElement.dataset['refused'] ?? '')) {
        window.location.reload();
        return;
      }
      observer?.disconnect();
      const fit = () => {
        setHeight(page.documentElement.getBoundingClientRect().height + scrollbarOf(page));
      };
      observer = new ResizeObserver(fit);
      observer.observe(page.documentElement);
      fit();
    };
    element.addEventListener('load', measure);
    // The frame may have loaded before this script ran.
    if (element.contentDocument?.readyState === 'complete') measure();
    return () => {
      element.removeEventListener('load', measure);
      observer?.disconnect();
    };
  }, []);

  return (
    <iframe
      ref={frame}
      title={title}
      src={src}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      // Mail is written for white paper.
      className="block min-h-40 w-full bg-white scheme-light"
      style={{ height: height === undefined ? '60vh' : `${height}px` }}
    />
  );
}

/** Room for the scroll bar of a body that is wider than its frame, in pixels. */
function scrollbarOf(page: Document): number {
  return page.documentElement.scrollWidth > page.documentElement.clientWidth ? 17 : 0;
}
