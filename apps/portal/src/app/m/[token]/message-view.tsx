import { Download, FileText } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { LocalTime } from '../../../components/local-time.tsx';
import { buttonClasses } from '../../../components/ui/button.tsx';
import { MessageBody } from './message-body.tsx';
import type { ShownMessage } from './step.ts';
import type { Texts } from './texts.ts';

interface MessageViewProps {
  readonly token: string;
  readonly accessId: string;
  readonly message: ShownMessage;
  readonly locale: string;
  readonly texts: Texts;
}

/** The message, opened. */
export function MessageView({ token, accessId, message, locale, texts }: MessageViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { subject, from, to, cc, date, expiresAt, attachments, originalOnly } = message;

  useEffect(() => {
    // The form that had the focus is gone: reading starts at the subject.
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);

  return (
    <article className="border-b border-line bg-surface sm:rounded-2xl sm:border sm:shadow-xs">
      <header className="px-4 pt-6 pb-5 sm:px-8 sm:pt-8">
        <h1
          ref={heading}
          tabIndex={-1}
          className="text-xl leading-snug font-semibold tracking-tight wrap-anywhere outline-none sm:text-2xl"
        >
          {subject === null || subject === '' ? texts.noSubject : subject}
        </h1>
        <dl className="mt-4 grid gap-x-4 text-sm sm:grid-cols-[auto_1fr] sm:gap-y-1.5">
          <Line name={texts.from}>{from}</Line>
          {to.length === 0 ? null : <Line name={texts.to}>{to.join(', ')}</Line>}
          {cc.length === 0 ? null : <Line name={texts.cc}>{cc.join(', ')}</Line>}
          {date === null ? null : (
            <Line name={texts.date}>
              <LocalTime at={date} locale={locale} dateStyle="full" />
            </Line>
          )}
          {expiresAt === null ? null : (
            <Line name={texts.expires}>
              <LocalTime at={expiresAt} locale={locale} />
            </Line>
          )}
        </dl>
      </header>
      {attachments.length === 0 ? null : (
        <section className="border-t border-line px-4 py-4 sm:px-8" aria-label={texts.attachments}>
          <h2 className="text-sm font-medium">
            {texts.attachments} <span className="font-normal text-quiet">({attachments.length})</span>
          </h2>
          <ul className="mt-2 divide-y divide-line">
            {attachments.map(({ index, name, size }) => (
              <FileLine key={index} href={`/m/${token}/attachments/${index}`} name={name} note={size} download={texts.download} />
            ))}
          </ul>
        </section>
      )}
      {originalOnly ? (
        <section className="border-t border-line px-4 py-6 sm:px-8">
          <p className="text-sm text-quiet">{texts.original}</p>
          <ul className="mt-2">
            <FileLine href={`/m/${token}/original`} name={texts.originalName} note=".eml" download={texts.download} />
          </ul>
        </section>
      ) : (
        <div className="overflow-hidden border-t border-line bg-white px-2 py-2 sm:rounded-b-2xl sm:px-6 sm:py-4">
          <MessageBody key={accessId} title={texts.body} src={`/m/${token}/body?access=${encodeURIComponent(accessId)}`} />
        </div>
      )}
    </article>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="text-quiet">{name}</dt>
      <dd className="mb-1.5 wrap-anywhere sm:mb-0">{children}</dd>
    </>
  );
}

interface FileLineProps {
  readonly href: string;
  readonly name: string;
  readonly note: string;
  readonly download: string;
}

/**
 * A file with its link. The link has no `download` attribute: a refused request then shows the page that says why,
 * instead of a failed download.
 */
function FileLine({ href, name, note, download }: FileLineProps) {
  return (
    <li className="flex items-center gap-3 py-2">
      <FileText aria-hidden className="size-5 shrink-0 text-quiet" />
      <div className="min-w-0 flex-1">
        <p className="text-sm wrap-anywhere">{name}</p>
        <p className="text-xs text-quiet">{note}</p>
      </div>
      <a href={href} rel="nofollow" className={buttonClasses({ variant: 'secondary', size: 'small' })}>
        <Download aria-hidden />
        {download}
        <span className="sr-only"> {name}</span>
      </a>
    </li>
  );
}
