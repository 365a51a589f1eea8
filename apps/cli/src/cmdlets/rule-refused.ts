import { EXCEPTION } from './rule-conditions.ts';

const PATTERN = 'there are no regular expressions here; -SubjectContainsWords and the like look for text';
const DIRECTORY = 'there is no directory here with attributes, managers and members; -FromMemberOf names a sender group of Signet';
const FIELD = 'a rule asks about all recipients of the envelope: -SentTo, -RecipientDomainIs, -SentToScope';
const PART =
  'a rule asks whether an address or its domain is the one named, not what is in it: -From, -SentTo, -SenderDomainIs, -RecipientDomainIs';
const CONTENT = 'a rule asks about names of attachments, not about what is in them';
const CLASSIFICATION = 'there are no classifications and no data loss prevention here';

/** Conditions of a transport rule that Signet's rules do not have, and why. An exception is called the same after `ExceptIf`. */
const refusedConditions: Readonly<Record<string, string>> = {
  ADComparisonAttribute: DIRECTORY,
  ADComparisonOperator: DIRECTORY,
  AnyOfCcHeader: FIELD,
  AnyOfCcHeaderMemberOf: FIELD,
  AnyOfRecipientAddressContainsWords: PART,
  AnyOfRecipientAddressMatchesPatterns: PATTERN,
  AnyOfToCcHeader: FIELD,
  AnyOfToCcHeaderMemberOf: FIELD,
  AnyOfToHeader: FIELD,
  AnyOfToHeaderMemberOf: FIELD,
  AttachmentContainsWords: CONTENT,
  AttachmentHasExecutableContent: CONTENT,
  AttachmentIsPasswordProtected: CONTENT,
  AttachmentIsUnsupported: CONTENT,
  AttachmentMatchesPatterns: PATTERN,
  AttachmentProcessingLimitExceeded: CONTENT,
  AttachmentPropertyContainsWords: CONTENT,
  AttachmentSizeOver: 'a rule asks about the size of the whole message: -MessageSizeOver',
  BetweenMemberOf1: DIRECTORY,
  BetweenMemberOf2: DIRECTORY,
  ContentCharacterSetContainsWords: 'a rule asks about text, however it is encoded',
  FromAddressContainsWords: PART,
  FromAddressMatchesPatterns: PATTERN,
  HasClassification: CLASSIFICATION,
  HasNoClassification: CLASSIFICATION,
  HasSenderOverride: CLASSIFICATION,
  HeaderMatchesMessageHeader: PATTERN,
  HeaderMatchesPatterns: PATTERN,
  ManagerAddresses: DIRECTORY,
  ManagerForEvaluatedUser: DIRECTORY,
  MessageContainsAllDataClassifications: CLASSIFICATION,
  MessageContainsDataClassifications: CLASSIFICATION,
  MessageTypeMatches: 'rules do not tell kinds of messages apart; -HeaderContainsMessageHeader asks about a header field',
  RecipientADAttributeContainsWords: DIRECTORY,
  RecipientADAttributeMatchesPatterns: DIRECTORY,
  RecipientAddressContainsWords: PART,
  RecipientAddressMatchesPatterns: PATTERN,
  RecipientInSenderList: DIRECTORY,
  SCLOver: 'Signet takes mail out of the organization and rates no spam',
  SenderADAttributeContainsWords: DIRECTORY,
  SenderADAttributeMatchesPatterns: DIRECTORY,
  SenderInRecipientList: DIRECTORY,
  SenderIpRanges: 'who hands mail in is known by what it signs in with, and no rule asks about its address',
  SenderManagementRelationship: DIRECTORY,
  SentToMemberOf: DIRECTORY,
  SubjectMatchesPatterns: PATTERN,
  SubjectOrBodyMatchesPatterns: PATTERN,
  WithImportance: 'a rule asks about header fields by their names: -HeaderContainsMessageHeader Importance -HeaderContainsWords High',
};

const RECIPIENTS = 'a rule never changes who gets a message';
const CHANGES = 'a message is stored as it came; a rule changes nothing in it but -RemoveHeader';
const REPORTS = 'rules send no reports; what a rule decided stands with the message, and signet rule list names it';
const DECRYPTS = 'what Signet takes in it stores encrypted, whatever a rule says';
const ROUTES = 'content never leaves, so there is no way to choose for it';
const MODERATION = 'a message is taken or rejected, there is nobody to ask in between';

/** Actions and settings of a transport rule that Signet's rules do not have, and why. */
const refusedActions: Readonly<Record<string, string>> = {
  ActivationDate: 'a rule is in force while it is switched on: Enable-TransportRule',
  AddManagerAsRecipientType: RECIPIENTS,
  AddToRecipients: RECIPIENTS,
  ApplyClassification: CLASSIFICATION,
  ApplyHtmlDisclaimerFallbackAction: CHANGES,
  ApplyHtmlDisclaimerLocation: CHANGES,
  ApplyHtmlDisclaimerText: CHANGES,
  BlindCopyTo: RECIPIENTS,
  Comments: 'a rule has no comments; its summary says in words what it does',
  CopyTo: RECIPIENTS,
  DeleteMessage: 'no mail is dropped in silence: -RejectMessageReasonText tells the sender',
  Disconnect: 'no mail is dropped in silence: -RejectMessageReasonText tells the sender',
  DlpPolicy: CLASSIFICATION,
  ExpiryDate: 'a rule is in force while it is switched on: Disable-TransportRule',
  GenerateIncidentReport: REPORTS,
  GenerateNotification: REPORTS,
  IncidentReportContent: REPORTS,
  IncidentReportOriginalMail: REPORTS,
  LogEventText: REPORTS,
  ModerateMessageByManager: MODERATION,
  ModerateMessageByUser: MODERATION,
  NotifySender: REPORTS,
  PrependSubject: CHANGES,
  Quarantine: MODERATION,
  RecipientAddressType: 'recipients are looked at as the envelope names them',
  RedirectMessageTo: RECIPIENTS,
  RemoveOME: DECRYPTS,
  RemoveOMEv2: DECRYPTS,
  RemoveRMSAttachmentEncryption: DECRYPTS,
  RouteMessageOutboundConnector: ROUTES,
  RouteMessageOutboundRequireTls: ROUTES,
  RuleErrorAction: 'a rule that cannot be evaluated holds the mail up; none passes it by',
  RuleSubType: CLASSIFICATION,
  SetAuditSeverity: 'audit entries have no severities',
  SetHeaderName: CHANGES,
  SetHeaderValue: CHANGES,
  SetSCL: 'Signet takes mail out of the organization and rates no spam',
  SmtpRejectMessageRejectStatusCode: '-RejectMessageReasonText rejects, with 550 5.7.1',
  SmtpRejectMessageRejectText: '-RejectMessageReasonText rejects, with the words that it names',
  UseLegacyRegex: PATTERN,
};

/** What a transport rule has and a mail rule has not, by the parameter's name, with the reason. */
export const refusedRuleParameters: Readonly<Record<string, string>> = {
  ...refusedConditions,
  ...Object.fromEntries(Object.entries(refusedConditions).map(([name, reason]) => [`${EXCEPTION}${name}`, reason])),
  ...refusedActions,
};
