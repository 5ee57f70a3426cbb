import type { ModelAccess } from '#lib/graphql/generated.ts';

export const accessBadges = () =>
  ({
    ALLOWED: { tone: 'good', text: /* @wc-include */ 'allowed' },
    ACKNOWLEDGEMENT_NEEDED: { tone: 'warning', text: 'after acknowledging' },
    BLOCKED: { tone: 'bad', text: /* @wc-include */ 'blocked' },
  }) as const satisfies Record<ModelAccess, unknown>;
