import type { AuditEntry } from '../audit/entry.ts';

/** One entry with every kind of field filled, whose log entry the tests state as bytes. */
export const sampleEntry: AuditEntry = {
  id: '0199f0a2-7c1e-7b3a-9d42-5f1e8a6b0c11',
  version: 1,
  source: 'signet',
  operation: 'AttachmentDownload',
  creationTime: '2026-11-22T10:36:45.123Z',
  recordedAt: '2026-11-22T10:36:45.900Z',
  organizationId: '0199f0a2-0000-7000-8000-000000000001',
  messageUid: '0199f0a2-0000-7000-8000-000000000002',
  messageId: '<a1@acme.example>',
  recipients: ['bob@example.net'],
  sender: 'alice@acme.example',
  authenticationMethod: 'OTP',
  authenticationStatus: 'Success',
  operationStatus: 'Success',
  attachmentName: 'Vertrag “final” €.pdf',
  operationProperties: [
    { name: 'MailSubject', value: 'Grüße \t😀' },
    { name: 'BytesSent', value: '1024' },
  ],
  actor: { kind: 'recipient', id: '0199f0a2-0000-7000-8000-000000000003', address: 'bob@example.net' },
  clientIp: '192.0.2.7',
  userAgent: 'Mozilla/5.0',
  logIndex: 41,
};
