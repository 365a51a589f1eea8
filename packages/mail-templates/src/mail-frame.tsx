import { directionOf } from '@signet/domain/recipient-language';
import type { RecipientLanguage } from '@signet/domain/recipient-language';
import type { CSSProperties, ReactNode } from 'react';
import { Fragment } from 'react';
import { Body, Container, Head, Html, Img, Preview, Section, Text } from 'react-email';
import type { MailBranding } from './mail-branding.ts';
import { light, styleSheet } from './mail-palette.ts';
import type { BrandColors } from './mail-palette.ts';
import { displayLine } from './plain-text.ts';

/** A mail ready to be sent: the subject is one line, the text part's lines end in LF. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

const FONTS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Styles of text in a mail: inline, since many mail programs drop style sheets. Class names give the dark colours. */
export const textStyles = {
  heading: { color: light.ink, fontFamily: FONTS, fontSize: 22, fontWeight: 600, lineHeight: '30px', margin: 0, overflowWrap: 'anywhere' },
  body: { color: light.ink, fontFamily: FONTS, fontSize: 16, lineHeight: '25px', margin: '0 0 16px', overflowWrap: 'anywhere' },
  small: { color: light.quiet, fontFamily: FONTS, fontSize: 14, lineHeight: '21px', margin: 0, overflowWrap: 'anywhere' },
} satisfies Record<string, CSSProperties>;

/** Lines with line breaks between them, in their own direction: an administrator's words may be of another than the mail's. */
export function Lines({ lines }: { lines: readonly string[] }): ReactNode {
  return (
    <span dir="auto">
      {lines.map((line, index) => (
        // The lines never change places: a mail is rendered once.
        <Fragment key={index}>
          {index > 0 ? <br /> : null}
          {line}
        </Fragment>
      ))}
    </span>
  );
}

interface MailFrameProps {
  title: string;
  /** What a list of mails shows beside the subject. */
  preheader: string;
  language?: RecipientLanguage;
  branding: Pick<MailBranding, 'organizationName' | 'logo'>;
  colors: BrandColors;
  children: ReactNode;
  foot: ReactNode;
}

/** The sheet every mail lies on: the brand's band, the content, the foot. 600 px wide, or as wide as the phone. */
export function MailFrame({ title, preheader, language = 'en', branding, colors, children, foot }: MailFrameProps): ReactNode {
  return (
    <Html lang={language} dir={directionOf(language)}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>{title}</title>
        <style>{styleSheet(colors)}</style>
      </Head>
      <Body className="page" lang={language} dir={directionOf(language)} style={{ backgroundColor: light.page, margin: 0, padding: 0 }}>
        <Preview useTitleTag={false}>{preheader}</Preview>
        <Section className="page" tdClassName="margin" style={{ backgroundColor: light.page, padding: '40px 0' }}>
          <Container className="sheet" width={600} style={{ width: 600, maxWidth: '100%', tableLayout: 'fixed' }}>
            <Section
              className="card"
              style={{
                backgroundColor: light.surface,
                border: `1px solid ${light.line}`,
                borderCollapse: 'separate',
                borderRadius: 12,
                overflow: 'hidden',
              }}
            >
              <Band branding={branding} colors={colors} />
              <Section tdClassName="inside" style={{ padding: '40px 48px 32px' }}>
                {children}
              </Section>
            </Section>
            <Section tdClassName="inside" style={{ padding: '24px 48px 8px' }}>
              {foot}
            </Section>
          </Container>
        </Section>
      </Body>
    </Html>
  );
}

function Band({ branding, colors }: Pick<MailFrameProps, 'branding' | 'colors'>): ReactNode {
  const name = displayLine(branding.organizationName, 80);
  return (
    <Section
      className="line"
      tdClassName="inside"
      style={{ backgroundColor: colors.band.fill, borderBottom: `1px solid ${light.line}`, padding: '24px 48px' }}
    >
      {branding.logo === null ? (
        <Text
          style={{
            color: colors.band.text,
            fontFamily: FONTS,
            fontSize: 20,
            fontWeight: 700,
            letterSpacing: '-0.2px',
            lineHeight: '28px',
            margin: 0,
            overflowWrap: 'anywhere',
          }}
        >
          {name}
        </Text>
      ) : (
        // In attributes as well: Outlook knows no others.
        <Img
          src={`cid:${branding.logo.cid}`}
          alt={name}
          width={branding.logo.width}
          height={branding.logo.height}
          style={{
            color: colors.band.text,
            fontFamily: FONTS,
            fontSize: 20,
            fontWeight: 700,
            height: branding.logo.height,
            maxWidth: '100%',
            objectFit: 'contain',
            width: branding.logo.width,
          }}
        />
      )}
    </Section>
  );
}
