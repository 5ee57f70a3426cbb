// The sections for programs, from the file's words to ours.
import type { Config } from './config.ts';
import type { ConfigFile } from './schema.ts';

export const apiSettings = ({
  consent,
  limits,
  prometheus,
  monitoring,
}: ConfigFile['api']): Config['api'] => ({
  bodyBytesMax: { json: limits.json_mb * 2 ** 20, audio: limits.audio_mb * 2 ** 20 },
  consent,
  metricsToken: (prometheus.enabled && prometheus.token) || null,
  monitoringToken: monitoring.token || null,
});

export const graphqlSettings = (file: ConfigFile['graphql']): Config['graphql'] => ({
  introspection: file.introspection,
  persistedOnly: file.persisted_only,
  depthMax: file.max_depth,
  aliasesMax: file.max_aliases,
  directivesMax: file.max_directives,
  costMax: file.max_cost,
});
