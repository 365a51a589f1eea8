import type { RecordProof } from '@signet/api-contract/logs';
import { fileRefused } from './file-refused.ts';

interface ProofFile {
  readonly ask: () => Promise<RecordProof>;
  /** What the file is called, before its place in the log. */
  readonly name: string;
  /** The page that the file was asked for from. */
  readonly page: string;
}

/** The proof of what a log holds as a file, as the api gives it. */
export async function proofAnswer({ ask, name, page }: ProofFile): Promise<Response> {
  try {
    const proof = await ask();
    return new Response(`${JSON.stringify(proof, null, 2)}\n`, {
      headers: {
        'Content-Type': 'application/json',
        'Content-Disposition': `attachment; filename="${name}-${proof.logIndex}.proof.json"`,
      },
    });
  } catch (failure) {
    return fileRefused(failure, page);
  }
}
