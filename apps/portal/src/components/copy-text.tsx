'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './ui/button.tsx';

interface CopyTextProps {
  readonly text: string;
  readonly label: string;
  readonly doneLabel: string;
}

/** Copies a text; what it did is said too. Browsers allow it on https and on the machine itself only. */
export function CopyText({ text, label, doneLabel }: CopyTextProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        className="w-9 px-0 sm:size-7"
        title={label}
        aria-label={label}
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      >
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </Button>
      <output className="sr-only">{copied ? doneLabel : ''}</output>
    </>
  );
}
