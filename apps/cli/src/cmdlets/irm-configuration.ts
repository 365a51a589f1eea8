import { configurationRoutes } from '@signet/api-contract/configuration';
import type { Configuration } from '@signet/api-contract/configuration';
import { UsageError } from '../failure.ts';
import { write, writeJson } from '../output.ts';
import { defineCmdlet } from './cmdlet.ts';
import type { Run } from './cmdlet.ts';
import { formatList } from './power-shell-format.ts';

const RIGHTS = 'Signet issues no usage licences; content stays here, and a template says what its readers may do';
const INSIDE = 'recipients inside get the mail itself, unprotected, so there is nothing to decrypt';
const BUTTON = 'the button belongs to Outlook on the web; mail rules decide what is encrypted';

/** Parameters of Set-IRMConfiguration that mean nothing here. */
const refused = {
  AutomaticServiceUpdateEnabled: 'an update comes when you install it',
  AzureRMSLicensingEnabled: RIGHTS,
  ClientAccessServerEnabled: RIGHTS,
  DecryptAttachmentForEncryptOnly: 'attachments are never encrypted by themselves; a reader downloads them in the clear',
  DecryptAttachmentFromPortal: 'attachments are never encrypted by themselves; a reader downloads them in the clear',
  EDiscoverySuperUserEnabled: 'nobody reads content but its recipients, and no setting makes an exception',
  EnablePdfEncryption: 'attachments never leave, so there is no file to encrypt on its way',
  ExternalLicensingEnabled: RIGHTS,
  Force: 'nothing here asks where nobody is there to answer; -Confirm:$false is for a terminal',
  Identity: 'an API key belongs to one organization',
  InternalLicensingEnabled: RIGHTS,
  JournalReportDecryptionEnabled: INSIDE,
  LicensingLocation: RIGHTS,
  PublishingLocation: RIGHTS,
  RefreshServerCertificates: RIGHTS,
  RejectIfRecipientHasNoRights: INSIDE,
  RMSOnlineKeySharingLocation: 'keys are not shared: see the key provider in the operators’ guide',
  SearchEnabled: INSIDE,
  ServiceLocation: RIGHTS,
  SimplifiedClientAccessDoNotForwardDisabled: BUTTON,
  SimplifiedClientAccessEnabled: BUTTON,
  SimplifiedClientAccessEncryptOnlyDisabled: BUTTON,
  TransportDecryptionSetting: INSIDE,
} as const;

async function writeConfiguration({ json }: Run, found: Configuration): Promise<void> {
  await (json ? writeJson(found) : write(formatList([[['EnablePortalTrackingLogs', found.enablePortalTrackingLogs]]])));
}

export const getIrmConfiguration = defineCmdlet({
  name: 'Get-IRMConfiguration',
  summary: 'whether the portal’s steps are recorded',
  changes: false,
  parameters: {},
  refused: { Identity: refused.Identity },
  async run(_, run) {
    await writeConfiguration(run, await run.client.call(configurationRoutes.getConfiguration));
  },
});

export const setIrmConfiguration = defineCmdlet({
  name: 'Set-IRMConfiguration',
  summary: 'switch the recording of the portal’s steps',
  changes: true,
  parameters: { EnablePortalTrackingLogs: { type: 'Boolean' } },
  refused,
  async run({ EnablePortalTrackingLogs: enablePortalTrackingLogs }, run) {
    if (enablePortalTrackingLogs === undefined) throw new UsageError('Set-IRMConfiguration: say what to set: -EnablePortalTrackingLogs.');
    const action = `Switching the portal’s tracking logs ${enablePortalTrackingLogs ? 'on' : 'off'}`;
    if (!(await run.proceed(action))) return;
    const changed = await run.client.call(configurationRoutes.changeConfiguration, { body: { enablePortalTrackingLogs } });
    // Like Exchange, it says nothing where all went well.
    if (run.json) await writeConfiguration(run, changed);
  },
});
