import { brandingTemplateRoutes, type StoredTemplate } from '@signet/api-contract/branding-templates';
import { UsageError } from '../failure.ts';
import { note, write, writeJson } from '../output.ts';
import { NO_SOCIAL_SIGN_IN } from '../templates/template-words.ts';
import { defineCmdlet } from './cmdlet.ts';
import { changeTemplate, createTemplate, imageParameter, omeParameters, readImage, templateChange } from './ome-parameters.ts';
import { formatList } from './power-shell-format.ts';
import type { Properties } from './power-shell-format.ts';

/** A template as Get-OMEConfiguration shows it. */
function propertiesOf(template: StoredTemplate): Properties {
  const { image } = template;
  return [
    ['Identity', template.name],
    ['BackgroundColor', template.backgroundColor],
    ['Image', image === null ? null : `${image.contentType}, ${image.size} bytes`],
    ['IntroductionText', template.introductionText],
    ['ReadButtonText', template.readButtonText],
    ['EmailText', template.emailText],
    ['DisclaimerText', template.disclaimerText],
    ['PortalText', template.portalText],
    ['PrivacyStatementUrl', template.privacyStatementUrl],
    ['OTPEnabled', template.otpEnabled],
    ['SocialIdSignIn', template.socialIdSignIn],
    ['ExternalMailExpiryInDays', template.externalMailExpiryInDays],
  ];
}

const SOCIAL_WARNING = `WARNING: -SocialIdSignIn: ${NO_SOCIAL_SIGN_IN}`;

const identity = { type: 'String', mandatory: true, positional: true } as const;

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

export const newOmeConfiguration = defineCmdlet({
  name: 'New-OMEConfiguration',
  summary: 'make a branding template',
  changes: true,
  parameters: { Identity: identity, ...omeParameters, ...imageParameter },
  refused: {},
  async run({ Identity: name, Image, ...fields }, run) {
    const image = readImage(Image);
    if (!(await run.proceed(`Making the branding template “${name}”`))) return;
    const made = await createTemplate(run.client, name, templateChange(fields), image);
    if (fields.SocialIdSignIn === true) note(SOCIAL_WARNING);
    await (run.json ? writeJson(made) : write(formatList([propertiesOf(made)])));
  },
});

export const setOmeConfiguration = defineCmdlet({
  name: 'Set-OMEConfiguration',
  summary: 'change a branding template',
  changes: true,
  parameters: { Identity: identity, ...omeParameters, ...imageParameter },
  refused: {},
  async run({ Identity: name, Image, ...fields }, run) {
    const image = readImage(Image);
    const change = templateChange(fields);
    const named = [...Object.keys(fields), ...(image === undefined ? [] : ['Image'])];
    if (named.length === 0) throw new UsageError('Set-OMEConfiguration: say what to set. -? shows the parameters.');
    if (!(await run.proceed(`Changing ${named.join(', ')} of the branding template “${name}”`))) return;
    const changed = await changeTemplate(run.client, name, change, image);
    if (fields.SocialIdSignIn === true) note(SOCIAL_WARNING);
    if (run.json) await writeJson(changed);
  },
});

export const removeOmeConfiguration = defineCmdlet({
  name: 'Remove-OMEConfiguration',
  summary: 'remove a branding template; messages sent with it keep their look',
  changes: true,
  irreversible: true,
  parameters: { Identity: identity },
  refused: {},
  async run({ Identity: name }, run) {
    if (!(await run.proceed(`Removing the branding template “${name}”`))) return;
    await run.client.call(brandingTemplateRoutes.removeBrandingTemplate, { params: { name } });
  },
});
