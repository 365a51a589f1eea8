import { brandingTemplateRoutes, type StoredTemplate } from '@signet/api-contract/branding-templates';
import { write, writeJson } from '../output.ts';
import { defineCmdlet } from './cmdlet.ts';
import type { ParameterTypes } from './cmdlet.ts';
import { formatList } from './power-shell-format.ts';
import type { Properties } from './power-shell-format.ts';

/** The parameters of an OME configuration, each with its type and the field of a branding template that it is. The API knows the limits. */
const omeParameters = {
  Identity: { type: 'String', field: 'name' },
  BackgroundColor: { type: 'String', field: 'backgroundColor' },
  IntroductionText: { type: 'String', field: 'introductionText' },
  ReadButtonText: { type: 'String', field: 'readButtonText' },
  EmailText: { type: 'String', field: 'emailText' },
  DisclaimerText: { type: 'String', field: 'disclaimerText' },
  PortalText: { type: 'String', field: 'portalText' },
  PrivacyStatementUrl: { type: 'String', field: 'privacyStatementUrl' },
  OTPEnabled: { type: 'Boolean', field: 'otpEnabled' },
  SocialIdSignIn: { type: 'Boolean', field: 'socialIdSignIn' },
  ExternalMailExpiryInDays: { type: 'Int32', field: 'externalMailExpiryInDays' },
} as const satisfies Record<string, { readonly type: keyof ParameterTypes; readonly field: keyof StoredTemplate }>;

/** A template as Get-OMEConfiguration shows it. */
function propertiesOf(template: StoredTemplate): Properties {
  return Object.entries(omeParameters).map(([name, { field }]) => [name, template[field]]);
}

export const getOmeConfiguration = defineCmdlet({
  name: 'Get-OMEConfiguration',
  summary: 'the branding templates, or the one named',
  changes: false,
  parameters: { Identity: { type: 'String', positional: true } },
  refused: {},
  async run({ Identity: name }, { client, json }) {
    if (name === undefined) {
      const found = await client.call(brandingTemplateRoutes.listBrandingTemplates);
      return json ? writeJson(found) : write(formatList(found.items.map(propertiesOf)));
    }
    const template = await client.call(brandingTemplateRoutes.getBrandingTemplate, { params: { name } });
    return json ? writeJson(template) : write(formatList([propertiesOf(template)]));
  },
});
