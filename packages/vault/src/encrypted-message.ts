import { randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  CommitmentPolicy,
  getDecryptionHelper,
  getEncryptHelper,
  NodeAlgorithmSuite,
} from '@aws-crypto/material-management-node';
import type { NodeDefaultCryptographicMaterialsManager } from '@aws-crypto/material-management-node';
import {
  aadFactory,
  ContentType,
  decodeBodyHeader,
  deserializeFactory,
  SequenceIdentifier,
  serializeFactory,
  serializeMessageHeaderAuth,
} from '@aws-crypto/serialize';
import type { HeaderInfo } from '@aws-crypto/serialize';
import { ByteReader } from './byte-reader.ts';
import { freeAtOnce } from './free-at-once.ts';
import { VaultError } from './vault-error.ts';

/*
 * Messages of the AWS Encryption SDK, version 2, framed. Keys, key derivation, commitment and the reading and writing of headers
 * are the SDK's; only the loop over the frames is ours. The SDK's own loop is a chain of streams per message, which costs more than
 * all of the cryptography of a small part. The tests hold both against each other.
 * https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
 */

/** What a ciphertext is bound to, in clear and authenticated: names and non-empty values. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** The longest frame that is ever written, in plaintext bytes. A reader holds one frame until its tag is checked. */
export const MAXIMUM_FRAME_LENGTH = 1024 * 1024;

/** Ours have less than 1 KiB; whoever claims more is refused before it is gathered. */
const MAXIMUM_HEADER_LENGTH = 16 * 1024;
const MAXIMUM_DATA_KEYS = 1;
/** So many bytes go through a cipher at once. Longer pieces are mapped and unmapped by malloc one by one, which costs more. */
const PIECE_LENGTH = 64 * 1024;

/** AES-256-GCM, HKDF-SHA-512, key commitment, no signature: 0x0478. Nothing else is written or read. */
const suite = new NodeAlgorithmSuite(AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY);
const TAG_LENGTH = suite.tagLength / 8;
const MESSAGE_ID_LENGTH = 32;

const fromUtf8 = (text: string) => Buffer.from(text, 'utf8');
const { buildMessageHeader, serializeMessageHeader, headerAuthIv, frameIv, frameHeader, finalFrameHeader } = serializeFactory(fromUtf8, {
  utf8Sorting: true,
});
const { messageAAD, messageAADContentString } = aadFactory(fromUtf8);
const { deserializeMessageHeader } = deserializeFactory((bytes) => asBuffer(bytes).toString('utf8'), NodeAlgorithmSuite);

/** Encrypts bytes, cut into frames of `frameLength` plaintext bytes; yields the ciphertext in pieces as they are ready. */
export async function* encryptMessage(
  materials: NodeDefaultCryptographicMaterialsManager,
  plaintext: Uint8Array,
  context: EncryptionContext,
  frameLength: number,
): AsyncGenerator<Uint8Array> {
  const material = await materials.getEncryptionMaterials({
    suite,
    encryptionContext: { ...context },
    commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  });
  const { getCipherInfo, dispose } = getEncryptHelper(material);
  try {
    const messageId = randomBytes(MESSAGE_ID_LENGTH);
    const { getCipher, keyCommitment } = getCipherInfo(messageId);
    const { encryptionContext, encryptedDataKeys } = material;
    const messageHeader = buildMessageHeader({
      suite,
      encryptionContext,
      encryptedDataKeys,
      messageId,
      frameLength,
      ...(keyCommitment && { suiteData: keyCommitment }),
    });
    const header = asBuffer(serializeMessageHeader(messageHeader));
    const headerIv = headerAuthIv(suite.ivLength);
    const headerCipher = getCipher(headerIv).setAAD(header);
    headerCipher.final();
    yield header;
    yield serializeMessageHeaderAuth({ headerIv, headerAuthTag: headerCipher.getAuthTag(), messageHeader });

    // As the SDK does it: the final frame is never a whole one, so it may be empty.
    const wholeFrames = Math.floor(plaintext.length / frameLength);
    for (let sequence = 1; sequence <= wholeFrames + 1; sequence += 1) {
      const content = asBuffer(plaintext.subarray((sequence - 1) * frameLength, sequence * frameLength));
      const isFinal = sequence > wholeFrames;
      const iv = frameIv(suite.ivLength, sequence);
      const cipher = getCipher(iv).setAAD(frameAad(messageId, isFinal, sequence, content.length));
      yield isFinal ? finalFrameHeader(sequence, iv, content.length) : frameHeader(sequence, iv);
      for (let from = 0; from < content.length; from += PIECE_LENGTH) yield cipher.update(content.subarray(from, from + PIECE_LENGTH));
      cipher.final();
      yield cipher.getAuthTag();
    }
  } finally {
    dispose();
  }
}

/**
 * Decrypts one whole message. The suite and the context are compared before the data key is unwrapped, so before any plaintext
 * exists, and the header they stand in is authenticated before the first frame; each frame is yielded only once its tag is
 * checked, the final one only when nothing follows it; a message that ends early is an error, never an end. Each piece is good until
 * the next one is asked for: its memory is given back.
 * @throws {VaultError} `context_mismatch`; any other error says that the message is not good; or what `ciphertext` throws.
 */
export async function* decryptMessage(
  materials: NodeDefaultCryptographicMaterialsManager,
  ciphertext: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  context: EncryptionContext,
): AsyncGenerator<Uint8Array> {
  await using reader = new ByteReader(ciphertext);
  const headerInfo = await readHeader(reader);
  const { messageHeader } = headerInfo;
  const { messageId, encryptionContext, encryptedDataKeys } = messageHeader;
  if (!isSame(encryptionContext, context)) {
    throw new VaultError('context_mismatch', 'The ciphertext belongs to something else than was asked for');
  }
  const material = await materials.decryptMaterials({ suite, encryptionContext, encryptedDataKeys: [...encryptedDataKeys] });
  const { getDecipherInfo, dispose } = getDecryptionHelper(material);
  try {
    // Refuses a data key that is not the one that the header commits to.
    const getDecipher = getDecipherInfo(messageId, 'suiteData' in messageHeader ? messageHeader.suiteData : undefined);
    const { headerIv, headerAuthTag } = headerInfo.headerAuth;
    getDecipher(headerIv).setAAD(asBuffer(headerInfo.rawHeader)).setAuthTag(asBuffer(headerAuthTag)).final();

    for (let sequence = 1, isFinal = false; !isFinal; sequence += 1) {
      const frame = await readFrameHeader(reader, headerInfo);
      if (frame.sequenceNumber !== sequence) throw new Error('The frames are not in their order');
      isFinal = frame.isFinalFrame;
      const decipher = getDecipher(frame.iv).setAAD(frameAad(messageId, isFinal, sequence, frame.contentLength));
      const plaintext: Uint8Array[] = [];
      for await (const piece of reader.pieces(frame.contentLength, PIECE_LENGTH)) plaintext.push(decipher.update(piece));
      decipher.setAuthTag(await reader.take(TAG_LENGTH)).final();
      // Only now is it known that this is what was encrypted.
      if (isFinal && !(await reader.isAtEnd())) throw new Error('Something follows the final frame');
      for (const piece of plaintext) {
        yield piece;
        freeAtOnce(piece);
      }
    }
  } finally {
    dispose();
  }
}

async function readHeader(reader: ByteReader): Promise<HeaderInfo> {
  for (;;) {
    // A copy, since what is found are views of it, and the reader's memory is used again.
    const bytes = Buffer.from((await reader.peekMore()).subarray(0, MAXIMUM_HEADER_LENGTH));
    const found = deserializeMessageHeader(bytes, { maxEncryptedDataKeys: MAXIMUM_DATA_KEYS });
    if (!found) {
      if (bytes.length === MAXIMUM_HEADER_LENGTH) throw new Error('The header is too long');
      continue;
    }
    const { contentType, frameLength } = found.messageHeader;
    if (found.algorithmSuite.id !== suite.id) throw new Error('The message is of another suite: signed, or without key commitment');
    if (contentType !== ContentType.FRAMED_DATA || frameLength > MAXIMUM_FRAME_LENGTH) throw new Error('The message has no frames of ours');
    await reader.take(found.headerLength + found.headerAuth.headerAuthLength);
    return found;
  }
}

async function readFrameHeader(reader: ByteReader, headerInfo: HeaderInfo) {
  let bytes = await reader.take(4 + suite.ivLength);
  if (bytes.readUInt32BE() === SequenceIdentifier.SEQUENCE_NUMBER_END.valueOf()) bytes = Buffer.concat([bytes, await reader.take(4 + 4)]);
  const frame = decodeBodyHeader(bytes, headerInfo, 0);
  if (!frame) throw new Error('The header of a frame is malformed');
  return frame;
}

function isSame(found: EncryptionContext, expected: EncryptionContext): boolean {
  const names = Object.keys(expected);
  return names.length === Object.keys(found).length && names.every((name) => found[name] === expected[name]);
}

/** What a frame is bound to besides the key: its message, its place, its length, and whether it is the final one. */
function frameAad(messageId: Uint8Array, isFinalFrame: boolean, sequence: number, length: number): Buffer {
  return asBuffer(messageAAD(messageId, messageAADContentString({ contentType: ContentType.FRAMED_DATA, isFinalFrame }), sequence, length));
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
