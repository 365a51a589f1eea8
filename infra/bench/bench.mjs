// `pnpm bench`: plain JavaScript for any Node ≥ 20, since nothing is installed yet.
import { handOver } from '../local/hand-over.mjs';

await handOver('infra/bench/run.ts');
