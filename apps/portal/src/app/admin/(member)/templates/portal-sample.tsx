import type { Branding } from '@signet/api-contract/recipient';
import { Lock } from 'lucide-react';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { Band, Footer } from '../../../m/brand-frame.tsx';
import { brandColors } from '../../../m/brand.ts';
import type { SampleTexts } from './sample-texts.ts';

interface PortalSampleProps {
  readonly brand: Branding;
  readonly texts: SampleTexts;
  readonly logoAddress: string;
}

/** The recipient's page before sign-in, to be looked at: nothing on it can be pressed. */
export function PortalSample({ brand, texts, logoAddress }: PortalSampleProps) {
  return (
    <div inert className="flex min-h-dvh flex-col">
      <Band brand={{ ...brandColors(brand.backgroundColor), ...brand }} logoAddress={logoAddress} />
      <div className="mx-auto w-full max-w-lg flex-1 px-4 py-6 sm:py-14">
        <Card className="p-6 sm:p-9">
          <span className="grid size-11 place-items-center rounded-full bg-raised text-primary">
            <Lock aria-hidden className="size-5" />
          </span>
          <p className="mt-5 text-2xl leading-tight font-semibold tracking-tight wrap-anywhere">{texts.heading}</p>
          <div className="mt-7 border-t border-line pt-6">
            <p className="mb-4 text-sm text-quiet">{texts.prove}</p>
            <span className={buttonClasses({ size: 'large', className: 'w-full' })}>{texts.requestPasscode}</span>
          </div>
        </Card>
      </div>
      <Footer brand={brand} texts={texts} />
    </div>
  );
}
