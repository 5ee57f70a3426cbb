import type { ModelAccess } from '#lib/graphql/generated.ts';

export const ACCESS = {
  ALLOWED: { tone: 'good', text: 'allowed' },
  ACKNOWLEDGEMENT_NEEDED: { tone: 'warning', text: 'after acknowledging' },
  BLOCKED: { tone: 'bad', text: 'blocked' },
} as const satisfies Record<ModelAccess, unknown>;
