import { readAsSent, readExpected } from './corpus.ts';

/** A message of the corpus as it is handed in, with an envelope that rules can tell from those of others. */
export interface CorpusSample {
  readonly name: string;
  readonly index: number;
  readonly raw: Buffer;
  readonly sender: string;
  readonly recipients: readonly string[];
}

/** The sender group that every second message comes from. */
export const oddOnes = { name: 'Odd ones', addresses: ['bea@acme.example'] } as const;

/** Every third message of the corpus says that it is sensitive, each in another of three ways. */
const labels = ['Sensitivity: Confidential', 'X-Sensitivity-Label: confidential', 'msip_labels: MSIP_Label_0a_Name=Confidential;'];

/** All messages of the corpus, in its order. */
export async function readSamples(): Promise<CorpusSample[]> {
  const names = Object.keys(await readExpected());
  return Promise.all(
    names.map(async (name, index) => {
      const label = index % 3 === 0 ? `${labels[(index / 3) % 3] ?? ''}\r\n` : '';
      return {
        name,
        index,
        raw: Buffer.concat([Buffer.from(label), await readAsSent(name)]),
        sender: index % 2 === 0 ? 'ann@acme.example' : oddOnes.addresses[0],
        recipients: index % 3 === 0 ? ['bob@example.net', 'eve@example.org'] : index % 3 === 1 ? ['bob@example.net'] : ['carl@example.com'],
      };
    }),
  );
}
