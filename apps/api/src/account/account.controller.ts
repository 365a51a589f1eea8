import { Controller } from '@nestjs/common';
import { accountRoutes } from '@signet/api-contract/account';
import type { PasskeyCreationOptions } from '@signet/api-contract/passkeys';
import type { AnswerOf } from '@signet/api-contract/route';
import { readConfiguration } from '@signet/db/configuration';
import { Database } from '@signet/db/database';
import { findPasswordAge } from '@signet/db/member';
import { ByMember } from '../authentication/caller.decorator.ts';
import type { MemberCaller } from '../authentication/caller.ts';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input, type InputOf } from '../http/input.decorator.ts';
import { memberView } from '../sessions/open-session.ts';
import { AccountService } from './account.service.ts';
import { AuthenticatorAppService } from './authenticator-app.service.ts';
import { PasskeyService } from './passkey.service.ts';

const { getAccount, changePassword, beginTotp, confirmTotp, removeTotp, createRecoveryCodes } = accountRoutes;
const { beginPasskey, addPasskey, renamePasskey, removePasskey } = accountRoutes;

/** How the signed-in member signs in, and changes that. */
@Controller()
export class AccountController {
  constructor(
    private readonly database: Database,
    private readonly account: AccountService,
    private readonly authenticatorApps: AuthenticatorAppService,
    private readonly passkeys: PasskeyService,
  ) {}

  @Endpoint(getAccount)
  async read(
    @ByMember() caller: MemberCaller,
    @Input(getAccount) _input: InputOf<typeof getAccount>,
  ): Promise<AnswerOf<typeof getAccount>> {
    const scope = this.database.forOrganization(caller.organizationId);
    const passwordChangedAt = await findPasswordAge(scope, caller.organizationId, caller.id);
    return {
      ...(await this.account.read(caller)),
      member: memberView(caller),
      secondFactorRequired: caller.secondFactorRequired,
      organizationRequiresSecondFactor: (await readConfiguration(scope))?.requireSecondFactor ?? true,
      passwordChangedAt: passwordChangedAt?.toISOString() ?? null,
      recoveryCodesLeft: caller.recoveryCodes,
    };
  }

  @Endpoint(changePassword)
  changePassword(
    @ByMember() caller: MemberCaller,
    @Input(changePassword) { body }: InputOf<typeof changePassword>,
  ): Promise<AnswerOf<typeof changePassword>> {
    return this.account.changePassword(caller, body);
  }

  @Endpoint(beginTotp)
  async beginTotp(
    @ByMember() caller: MemberCaller,
    @Input(beginTotp) _input: InputOf<typeof beginTotp>,
  ): Promise<AnswerOf<typeof beginTotp>> {
    const { secret, uri, expiresAt } = await this.authenticatorApps.begin(caller);
    return { secret, uri, expiresAt: expiresAt.toISOString() };
  }

  @Endpoint(confirmTotp)
  confirmTotp(
    @ByMember() caller: MemberCaller,
    @Input(confirmTotp) { body }: InputOf<typeof confirmTotp>,
  ): Promise<AnswerOf<typeof confirmTotp>> {
    return this.account.confirmAuthenticatorApp(caller, body.code);
  }

  @Endpoint(removeTotp)
  removeTotp(@ByMember() caller: MemberCaller, @Input(removeTotp) _input: InputOf<typeof removeTotp>): Promise<void> {
    return this.account.removeAuthenticatorApp(caller);
  }

  @Endpoint(createRecoveryCodes)
  async createRecoveryCodes(
    @ByMember() caller: MemberCaller,
    @Input(createRecoveryCodes) _input: InputOf<typeof createRecoveryCodes>,
  ): Promise<AnswerOf<typeof createRecoveryCodes>> {
    return { recoveryCodes: await this.account.createRecoveryCodes(caller) };
  }

  @Endpoint(beginPasskey)
  beginPasskey(
    @ByMember() caller: MemberCaller,
    @Input(beginPasskey) _input: InputOf<typeof beginPasskey>,
  ): Promise<PasskeyCreationOptions> {
    return this.passkeys.creationOptions(caller, caller.sessionId);
  }

  @Endpoint(addPasskey)
  addPasskey(
    @ByMember() caller: MemberCaller,
    @Input(addPasskey) { body }: InputOf<typeof addPasskey>,
  ): Promise<AnswerOf<typeof addPasskey>> {
    return this.account.addPasskey(caller, body);
  }

  @Endpoint(renamePasskey)
  renamePasskey(
    @ByMember() caller: MemberCaller,
    @Input(renamePasskey) { params, body }: InputOf<typeof renamePasskey>,
  ): Promise<AnswerOf<typeof renamePasskey>> {
    return this.account.renamePasskey(caller, params.id, body.name);
  }

  @Endpoint(removePasskey)
  removePasskey(@ByMember() caller: MemberCaller, @Input(removePasskey) { params }: InputOf<typeof removePasskey>): Promise<void> {
    return this.account.removePasskey(caller, params.id);
  }
}
