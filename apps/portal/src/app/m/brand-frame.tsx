import type { Branding } from '@signet/api-contract/recipient';
import Image from 'next/image';
import type { ReactNode } from 'react';
import { Seal } from '../../components/seal.tsx';
import type { BrandColors } from './brand.ts';

interface BandProps {
  readonly brand: BrandColors & Branding;
  /** Where the logo is, for a brand that has one. */
  readonly logoAddress: string;
  readonly children?: ReactNode;
}

/** The organization's band over a recipient's page. */
export function Band({ brand, logoAddress, children }: BandProps) {
  const { logo, organizationName, portalText } = brand;
  return (
    <header style={{ backgroundColor: brand.background, color: brand.text }}>
      <div className="mx-auto flex min-h-16 w-full max-w-4xl items-center justify-between gap-4 px-4 py-3 sm:px-6">
        <div className="min-w-0">
          {logo === null ? (
            <p className="text-base font-semibold wrap-anywhere">{organizationName}</p>
          ) : (
            <Image
              unoptimized
              loading="eager"
              src={logoAddress}
              alt={organizationName}
              width={logo.width}
              height={logo.height}
              className="h-auto max-w-full"
            />
          )}
          {portalText === null ? null : (
            <p className="text-sm wrap-anywhere">
              <bdi>{portalText}</bdi>
            </p>
          )}
        </div>
        {children}
      </div>
    </header>
  );
}

interface FooterProps {
  readonly brand: Branding;
  readonly texts: { readonly delivered: string; readonly privacy: string };
}

/** What stands under a recipient's page. */
export function Footer({ brand, texts }: FooterProps) {
  return (
    <footer className="mx-auto w-full max-w-4xl space-y-3 px-4 pt-4 pb-8 text-center text-xs text-quiet sm:px-6">
      {[brand.disclaimerText, brand.footerText].map((text, index) =>
        // The two never change places.
        text === null ? null : (
          <p key={index} dir="auto" className="mx-auto max-w-2xl whitespace-pre-line wrap-anywhere">
            {text}
          </p>
        ),
      )}
      <p className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2">
        <span className="inline-flex items-center gap-1.5">
          <Seal className="size-3.5" />
          {texts.delivered}
        </span>
        {brand.privacyStatementUrl === null ? null : (
          <a href={brand.privacyStatementUrl} target="_blank" rel="noreferrer" className="underline underline-offset-4">
            {texts.privacy}
          </a>
        )}
      </p>
    </footer>
  );
}
