/** What a problem code answers over HTTP (RFC 9457): its status and the title that stays the same for every occurrence. */
interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
}

/**
 * Every problem that the API can answer. A code is part of the interface: programs compare it, so it never changes its
 * meaning or status. What is particular to one occurrence belongs into the problem's `detail` and `errors`.
 */
export const problems = {
  /** A parameter, header or body has a wrong shape or value; `errors` names every wrong field. */
  validation_failed: { status: 400, title: 'The request is not valid' },
  /** The mail itself cannot be taken: bare line ends, for example. */
  message_malformed: { status: 400, title: 'The message cannot be accepted as it is' },
  /** Signet's own wrapper came back, or the mail has passed too many servers. */
  mail_loop: { status: 400, title: 'The message goes in circles' },
  /** No key, no session, or one that is unknown, revoked or over. */
  unauthenticated: { status: 401, title: 'Sign in first' },
  /** A sign-in was tried with a wrong address or password; which one is not said. */
  wrong_credentials: { status: 401, title: 'The email or the password is wrong' },
  /** The second step of a sign-in, or a passkey, was not right; what exactly is not said. */
  authentication_failed: { status: 401, title: 'The code or the passkey is not right' },
  /** The thing may be seen, but this may not be done with it. */
  forbidden: { status: 403, title: 'This is not allowed' },
  /** The organization asks members for a second factor, and this one has none yet: nothing but setting one up is open. */
  second_factor_required: { status: 403, title: 'Set up a second factor first' },
  /** The act asks for a recent authentication and the session's is older: prove once more who you are, then try again. */
  reauthentication_required: { status: 403, title: 'Confirm that it is you first' },
  /** What was given to prove once more who is signed in is not right. */
  reauthentication_failed: { status: 403, title: 'The password, the code or the passkey is not right' },
  /** The token that makes the first organization is wrong, used or replaced, or there is an organization: which of these is not said. */
  setup_refused: { status: 403, title: 'Signet cannot be set up with this token' },
  /** The sender is of none of the organization's domains. */
  sender_not_allowed: { status: 403, title: 'This sender does not belong to the organization' },
  /** A mail rule rejects the message. */
  rejected_by_rule: { status: 403, title: 'A mail rule rejects this message' },
  /** The message's template does not allow this way to sign in. */
  sign_in_method_not_allowed: { status: 403, title: 'This way to sign in is not allowed for the message' },
  /** The passcode is wrong; tries may be left. */
  passcode_wrong: { status: 403, title: 'The passcode is wrong' },
  /** The passcode was asked for in another browser; no try is lost. */
  passcode_other_browser: { status: 403, title: 'The passcode belongs to another browser window' },
  /** Not there, or not to be seen by who asks: the same answer for both. */
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  not_acceptable: { status: 406, title: 'There is no such representation' },
  /** The Message-ID names several messages; the candidates are listed. */
  message_id_ambiguous: { status: 409, title: 'Several messages have this Message-ID' },
  /** An event's id was used for an event with other content. */
  event_id_conflict: { status: 409, title: 'Another event has this id' },
  /** The entry is recorded, and no published checkpoint covers it yet: within seconds one will, unless the log is refused. */
  checkpoint_pending: { status: 409, title: 'No checkpoint covers this entry yet' },
  /** The idempotency key was used for a request with other content. */
  idempotency_conflict: { status: 409, title: 'Another request has this idempotency key' },
  /** A mail rule applies the template; the detail names it. */
  template_in_use: { status: 409, title: 'A mail rule uses this template' },
  /** What messages look like that no rule gives another template. */
  default_template: { status: 409, title: 'The default template cannot be removed' },
  name_taken: { status: 409, title: 'This name is taken' },
  /** The organization trusts the same network or certificate already, under the same condition. */
  trust_exists: { status: 409, title: 'This is trusted already' },
  /** A mail rule names it; `detail` says which. */
  in_use: { status: 409, title: 'A mail rule uses this' },
  /** The DNS does not say, as far as is seen from here, that the domain is the organization's; `detail` says what it says. */
  domain_not_proved: { status: 409, title: 'The DNS does not prove this domain yet' },
  /** Another organization has proved the domain before. */
  domain_taken: { status: 409, title: 'This domain is another organization’s' },
  /** The organization would have no domain to send from, or bounces come back to it; `detail` says which. */
  domain_needed: { status: 409, title: 'The organization needs this domain' },
  /** The DNS does not have the key's record: mails signed with it could not be checked. */
  dkim_not_published: { status: 409, title: 'The DNS does not have this key yet' },
  /** Nothing is sent to a receiver that is disabled: enable it first. */
  webhook_disabled: { status: 409, title: 'The webhook is disabled' },
  /** The same of a syslog destination. */
  syslog_disabled: { status: 409, title: 'The syslog destination is disabled' },
  /** No worker runs that may remove entries: a policy that nobody carries out would be believed. */
  retention_unavailable: { status: 409, title: 'Nobody here may remove audit entries' },
  /** Legal holds keep what is to be erased; `detail` names them. */
  entry_held: { status: 409, title: 'A legal hold keeps this' },
  /** There are as many as there may be: remove one first. */
  too_many: { status: 409, title: 'There are as many as there may be' },
  /** The organization has a member with this address. */
  member_exists: { status: 409, title: 'There is a member with this address' },
  /** The member has accepted an invitation before: there is none to send again. */
  member_active: { status: 409, title: 'The member has joined already' },
  /** The member has not accepted the invitation: there is no password to reset. */
  member_invited: { status: 409, title: 'The member has not joined yet' },
  /** The member is kept out for now: no link would let them in. */
  member_disabled: { status: 409, title: 'The member is disabled' },
  /** Without this member nobody could administer the organization. */
  last_admin: { status: 409, title: 'The organization needs at least one active admin' },
  /** The member has no authenticator app to remove, no second factor that recovery codes would stand in for. */
  second_factor_missing: { status: 409, title: 'There is no such second factor' },
  /** None of what is asked for can be taken back: it left unwrapped, or it is erased. */
  not_revocable: { status: 409, title: 'This cannot be revoked' },
  /** The organization has revoked it: its sender does not restore it. */
  revoked_by_organization: { status: 409, title: 'Your organization has taken this message back; only it can give it again' },
  /** Recipients who are named, or all of them, could open nothing with the mail: they are revoked, it has expired or is erased, or it left unwrapped. */
  not_resendable: { status: 409, title: 'The mail cannot be sent again' },
  /** There is nothing left that could expire: the mail left unwrapped, or the message is erased. */
  not_expirable: { status: 409, title: 'This cannot expire any more' },
  /** The organization does not let its senders do this with an expiry. */
  expiry_change_not_allowed: { status: 403, title: 'Your organization does not let senders change the expiry like this' },
  /** Recipients cannot be added to a message that is revoked, expired or erased. */
  message_closed: { status: 409, title: 'The message takes no more recipients' },
  /** What could not be done has no use any more: the passcode is over, or the message may not be read by this recipient. */
  not_revivable: { status: 409, title: 'This cannot be tried again' },
  /** The entry was erased by law; `detail` says when and why, and its place in the log stays. */
  entry_erased: { status: 410, title: 'The entry has been erased by law' },
  message_revoked: { status: 410, title: 'The message has been revoked' },
  message_expired: { status: 410, title: 'The message has expired' },
  /** The link of an invitation or a password reset is used, replaced, over its lifetime, or never was one. */
  link_void: { status: 410, title: 'The link is no longer valid' },
  /** The first step of a sign-in, or the beginning of a set-up, is used or over its lifetime: begin again. */
  step_void: { status: 410, title: 'This took too long, or was done already' },
  /** The passcode is used, over its lifetime, out of tries or replaced: a new one is needed. */
  passcode_void: { status: 410, title: 'The passcode is no longer valid' },
  /** `If-Match` names another state than the one that is in force. */
  changed_meanwhile: { status: 412, title: 'Somebody else has changed this in the meantime' },
  body_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'This content type is not understood' },
  range_not_satisfiable: { status: 416, title: 'The range lies outside the file' },
  /** `Retry-After` says when to try again. */
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  /** Something that is needed is away for now; nothing was done and trying again is safe. */
  unavailable: { status: 503, title: 'Not available for now' },
} as const satisfies Record<string, ProblemDefinition>;

export type ProblemCode = keyof typeof problems;

/** The names of `problems`, in its order. */
export const problemCodes = Object.keys(problems).filter((name): name is ProblemCode => name in problems);
