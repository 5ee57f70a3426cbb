import type { EndpointHealth } from '#lib/graphql/generated.ts';

export const healthBadges = () =>
  ({
    HEALTHY: { tone: 'good', text: 'Healthy' },
    SUSPECT: { tone: 'warning', text: 'Suspect' },
    DOWN: { tone: 'bad', text: 'Down' },
  }) as const satisfies Record<EndpointHealth, unknown>;
