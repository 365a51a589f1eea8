/** What a readiness check says about one thing that the vault stands on. `detail` is for operators and holds no secret. */
export interface HealthFinding {
  readonly subject: 'key_provider' | 'blob_store';
  readonly healthy: boolean;
  readonly detail: string;
}
