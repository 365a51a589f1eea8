import type { BlobSink, BlobStore } from '../blob-store.ts';
import { VaultError } from '../vault-error.ts';

/** The real store on a disk that has room for so many bytes a blob. */
export function fullAfter(store: BlobStore, bytes: number): BlobStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'createBlob') return typeof value === 'function' ? value.bind(target) : value;
      return async (organizationId: string): Promise<BlobSink> => {
        const sink = await store.createBlob(organizationId);
        const append = sink.append.bind(sink);
        sink.append = async (piece) => {
          if (sink.length + piece.length > bytes) throw new VaultError('storage_full', 'No room left');
          await append(piece);
        };
        return sink;
      };
    },
  });
}
