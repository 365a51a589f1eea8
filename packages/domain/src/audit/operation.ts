/** Every operation an audit entry can record, with what only Signet itself may state and which properties it carries. */
export const operations = {
  MessageSend: { signetOnly: true, properties: ['TemplateName', 'RuleName', 'RecipientCount'] },
  RecipientAdd: { signetOnly: false, properties: [] },
  WrapperDelivery: { signetOnly: false, properties: ['Delivery', 'Response', 'Attempt'] },
  WrapperResend: { signetOnly: false, properties: [] },
  LinkTouch: {
    signetOnly: false,
    properties: [
      'Count',
      'FirstSeen',
      'LastSeen',
      'Method',
      'Reason',
      // Signals: what was seen of who asked. What they mean is no property (touch-verdict.ts).
      'SecondsAfterDelivery',
      'Agent',
      'Fetch',
      'Purpose',
      'Language',
      'Cookie',
      'HeadBefore',
      'Press',
      'PressedAfter',
    ],
  },
  PasscodeSend: { signetOnly: false, properties: ['PasscodesSent', 'Reference', 'Agent', 'Press', 'PressedAfter'] },
  PasscodeDelivery: { signetOnly: false, properties: ['Delivery', 'Response', 'Attempt'] },
  AuthenticateRequest: { signetOnly: false, properties: ['Reason', 'AttemptedAddress', 'PasscodesSent'] },
  MessageAccess: { signetOnly: false, properties: ['Reason', 'Count', 'FirstSeen', 'LastSeen'] },
  AttachmentReview: { signetOnly: false, properties: ['Reason'] },
  AttachmentDownload: { signetOnly: false, properties: ['BytesSent', 'Complete', 'Reason'] },
  MessageDownload: { signetOnly: false, properties: ['BytesSent', 'Complete', 'Reason'] },
  MessageForward: { signetOnly: false, properties: ['Action', 'ForwardedTo'] },
  AccessRequest: { signetOnly: false, properties: ['Requested'] },
  AccessGrant: { signetOnly: false, properties: ['Requested'] },
  ExpiryChange: { signetOnly: false, properties: ['ExpiresAt'] },
  MessageExpire: { signetOnly: true, properties: ['ExpiresAt'] },
  MessageRevoke: { signetOnly: true, properties: ['Reason', 'By'] },
  MessageRestore: { signetOnly: true, properties: ['Reason', 'By'] },
  MessageErase: { signetOnly: true, properties: ['Reason', 'By'] },
  ContentHold: { signetOnly: false, properties: ['Reason'] },
} as const satisfies Record<string, { signetOnly: boolean; properties: readonly string[] }>;

export type Operation = keyof typeof operations;

/** The names of `operations`, in its order. */
export const operationNames = Object.keys(operations).filter((name): name is Operation => name in operations);

/** Operations that mean that a recipient was given, or tried to get, content: what an exposure report lists. */
export const contentOperations = [
  'MessageAccess',
  'AttachmentReview',
  'AttachmentDownload',
  'MessageDownload',
] as const satisfies readonly Operation[];

export type ContentOperation = (typeof contentOperations)[number];
