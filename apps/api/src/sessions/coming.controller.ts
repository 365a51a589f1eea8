import { Controller } from '@nestjs/common';
import { accountRoutes } from '@signet/api-contract/account';
import { memberLinkRoutes } from '@signet/api-contract/member-links';
import { memberRoutes } from '@signet/api-contract/members';
import { sessionRoutes } from '@signet/api-contract/sessions';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { Input } from '../http/input.decorator.ts';
import { notFound } from '../http/problem-error.ts';

/** Routes that the contract promises and nobody answers yet. */
@Controller()
export class ComingController {
  @Endpoint(sessionRoutes.proveSecondFactor)
  proveSecondFactor(@Input(sessionRoutes.proveSecondFactor) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.beginPasskeySignIn)
  beginPasskeySignIn(@Input(sessionRoutes.beginPasskeySignIn) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.signInWithPasskey)
  signInWithPasskey(@Input(sessionRoutes.signInWithPasskey) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.beginPasskeyReauthentication)
  beginPasskeyReauthentication(@Input(sessionRoutes.beginPasskeyReauthentication) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.reauthenticate)
  reauthenticate(@Input(sessionRoutes.reauthenticate) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.listSessions)
  listSessions(@Input(sessionRoutes.listSessions) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.endOtherSessions)
  endOtherSessions(@Input(sessionRoutes.endOtherSessions) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(sessionRoutes.endSession)
  endSession(@Input(sessionRoutes.endSession) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.getAccount)
  getAccount(@Input(accountRoutes.getAccount) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.changePassword)
  changePassword(@Input(accountRoutes.changePassword) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.beginTotp)
  beginTotp(@Input(accountRoutes.beginTotp) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.confirmTotp)
  confirmTotp(@Input(accountRoutes.confirmTotp) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.removeTotp)
  removeTotp(@Input(accountRoutes.removeTotp) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.createRecoveryCodes)
  createRecoveryCodes(@Input(accountRoutes.createRecoveryCodes) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.beginPasskey)
  beginPasskey(@Input(accountRoutes.beginPasskey) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.addPasskey)
  addPasskey(@Input(accountRoutes.addPasskey) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(accountRoutes.removePasskey)
  removePasskey(@Input(accountRoutes.removePasskey) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.inviteMember)
  inviteMember(@Input(memberRoutes.inviteMember) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.resendInvitation)
  resendInvitation(@Input(memberRoutes.resendInvitation) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.changeMember)
  changeMember(@Input(memberRoutes.changeMember) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.removeMember)
  removeMember(@Input(memberRoutes.removeMember) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.sendPasswordReset)
  sendPasswordReset(@Input(memberRoutes.sendPasswordReset) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.resetSecondFactors)
  resetSecondFactors(@Input(memberRoutes.resetSecondFactors) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.listMemberSessions)
  listMemberSessions(@Input(memberRoutes.listMemberSessions) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.endMemberSessions)
  endMemberSessions(@Input(memberRoutes.endMemberSessions) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberRoutes.endMemberSession)
  endMemberSession(@Input(memberRoutes.endMemberSession) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.findInvitation)
  findInvitation(@Input(memberLinkRoutes.findInvitation) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.acceptInvitation)
  acceptInvitation(@Input(memberLinkRoutes.acceptInvitation) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.requestPasswordReset)
  requestPasswordReset(@Input(memberLinkRoutes.requestPasswordReset) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.findPasswordReset)
  findPasswordReset(@Input(memberLinkRoutes.findPasswordReset) _input: unknown): never {
    throw notFound();
  }

  @Endpoint(memberLinkRoutes.completePasswordReset)
  completePasswordReset(@Input(memberLinkRoutes.completePasswordReset) _input: unknown): never {
    throw notFound();
  }
}
