'use client';

import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

export type Scheme = 'light' | 'dark';

interface FrameProps {
  readonly title: string;
  /** Of the window that is shown, in CSS pixels: it is drawn smaller where there is less room. */
  readonly width: number;
  readonly scheme: Scheme;
}

/** How high a window is drawn. */
const HEIGHT = 620;

/** A mail as a mail program shows it: it runs nothing, and whether the screen is dark is said in its place. */
export function MailFrame({ title, html, width, scheme }: FrameProps & { readonly html: string }) {
  const shown = html.replaceAll('(prefers-color-scheme:dark)', scheme === 'dark' ? 'all' : 'not all');
  return (
    <Scaled width={width}>
      {(style) => (
        <iframe title={title} sandbox="" srcDoc={shown} style={style} className={scheme === 'dark' ? 'bg-[#0f1216]' : 'bg-white'} />
      )}
    </Scaled>
  );
}

/** A page of ours in a window of its own, so that its width decides what it looks like, as on a phone. */
export function PortalFrame({ title, width, scheme, children }: FrameProps & { readonly children: ReactNode }) {
  const [body, setBody] = useState<HTMLElement | null>(null);

  return (
    <Scaled width={width}>
      {(style) => (
        <iframe
          title={title}
          sandbox="allow-same-origin"
          srcDoc="<!doctype html><html><head></head><body></body></html>"
          style={style}
          onLoad={({ currentTarget: { contentDocument } }) => {
            if (!contentDocument) return;
            for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style'))
              contentDocument.head.append(sheet.cloneNode(true));
            setBody(contentDocument.body);
          }}
        >
          {body
            ? createPortal(
                <div data-scheme={scheme} className="bg-page text-ink">
                  {children}
                </div>,
                body,
              )
            : null}
        </iframe>
      )}
    </Scaled>
  );
}

interface ScaledProps {
  readonly width: number;
  readonly children: (style: { width: number; height: number; transform: string; transformOrigin: string; border: number }) => ReactNode;
}

function Scaled({ width, children }: ScaledProps) {
  const place = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(width);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setRoom(entry?.contentRect.width ?? width));
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [width]);

  const scale = Math.min(1, room / width);
  return (
    <div ref={place} className="overflow-hidden" style={{ height: HEIGHT }}>
      <div style={{ width: width * scale, margin: '0 auto' }}>
        {children({ width, height: HEIGHT / scale, transform: `scale(${scale})`, transformOrigin: '0 0', border: 0 })}
      </div>
    </div>
  );
}
