import { Controller } from '@nestjs/common';
import { accountRoutes } from '@signet/api-contract/account';
import { memberLinkRoutes } from '@signet/api-contract/member-links';
import { memberRoutes } from '@signet/api-contract/members';
import { sessionRoutes } from '@signet/api-contract/sessions';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { notFound } from '../http/problem-error.ts';

/** Routes that the contract promises and nobody answers yet. */
@Controller()
export class ComingController {
  @Endpoint(sessionRoutes.proveSecondFactor)
  proveSecondFactor(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.beginPasskeySignIn)
  beginPasskeySignIn(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.signInWithPasskey)
  signInWithPasskey(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.beginPasskeyReauthentication)
  beginPasskeyReauthentication(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.reauthenticate)
  reauthenticate(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.listSessions)
  listSessions(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.endOtherSessions)
  endOtherSessions(): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.endSession)
  endSession(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.getAccount)
  getAccount(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.changePassword)
  changePassword(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.beginTotp)
  beginTotp(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.confirmTotp)
  confirmTotp(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.removeTotp)
  removeTotp(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.createRecoveryCodes)
  createRecoveryCodes(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.beginPasskey)
  beginPasskey(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.addPasskey)
  addPasskey(): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.removePasskey)
  removePasskey(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.inviteMember)
  inviteMember(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.resendInvitation)
  resendInvitation(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.changeMember)
  changeMember(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.removeMember)
  removeMember(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.sendPasswordReset)
  sendPasswordReset(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.resetSecondFactors)
  resetSecondFactors(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.listMemberSessions)
  listMemberSessions(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.endMemberSessions)
  endMemberSessions(): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.endMemberSession)
  endMemberSession(): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.findInvitation)
  findInvitation(): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.acceptInvitation)
  acceptInvitation(): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.requestPasswordReset)
  requestPasswordReset(): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.findPasswordReset)
  findPasswordReset(): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.completePasswordReset)
  completePasswordReset(): never {
    throw notFound();
  }
}
