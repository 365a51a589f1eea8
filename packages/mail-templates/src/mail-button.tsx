import type { ReactNode } from 'react';
import { Button } from 'react-email';
import { textStyles } from './mail-frame.tsx';
import type { BrandColors } from './mail-palette.ts';

interface MailButtonProps {
  readonly href: string;
  readonly colors: BrandColors;
  readonly children: ReactNode;
}

/** The one thing to do in a mail, in the brand's colour. */
export function MailButton({ href, colors, children }: MailButtonProps): ReactNode {
  return (
    <Button
      className="button"
      href={href}
      style={{
        ...textStyles.body,
        backgroundColor: colors.button.fill,
        borderRadius: 8,
        color: colors.button.text,
        fontWeight: 600,
        margin: 0,
        padding: '15px 32px',
      }}
    >
      {children}
    </Button>
  );
}
