// The YAML of the first README (versions 1.2 to 1.5), as it stands there, and a file of versions 1.8 to 1.12.

export const LOCAL = `app:
  secret_key: "any-random-string"
  encryption_key: "another-random-string"
  database_url: sqlite:///lumen_dev.db
  debug: true
  dev_user: dev@example.com    # bypasses OAuth — logs in as this email automatically
`;

export const ECHO = `models:
  - name: dummy
    active: true
    input_cost_per_million: 0.0
    output_cost_per_million: 0.0
    endpoints:
      - url: http://localhost:9999/v1
        api_key: dummy
`;

export const APP = `app:
  name: Lumen
  tagline: Illuminating AI access
  secret_key: change-me-to-something-random   # any long random string; used for session cookies
  encryption_key: change-me-to-something-different  # separate secret used to hash user API keys
  database_url: sqlite:///lumen.db            # or a postgres:// URL
  debug: false
`;

export const AUTHENTICATION = `oauth2:
  client_id: cilogon:/client_id/...
  client_secret: ...
  server_metadata_url: https://cilogon.org/.well-known/openid-configuration
  redirect_uri: https://your-domain/callback
  scopes: openid email profile org.cilogon.userinfo
  # Optional: restrict login to one institution
  # params:
  #   idphint: urn:mace:incommon:uiuc.edu
`;

export const ADMINS = `admins:
  - you@example.edu
`;

export const MODELS = `models:
  - name: gpt-4o
    active: true
    input_cost_per_million: 5.0    # for usage tracking only
    output_cost_per_million: 15.0
    endpoints:
      - url: https://api.openai.com/v1
        api_key: sk-...
        # model: gpt-4o            # optional — overrides the name sent to this endpoint

  - name: llama3
    active: true
    input_cost_per_million: 0.0
    output_cost_per_million: 0.0
    endpoints:
      - url: http://localhost:11434/v1
        api_key: ollama
        model: llama3.2
`;

export const GROUPS = `groups:
  default:
    default:          # applies to all models
      max: 0          # token budget (0 = no access)
      refresh: 0      # tokens added per hour (0 = no auto-refresh)
      starting: 0     # tokens granted on first login

  faculty:
    default:
      max: 1000000
      refresh: 50000
      starting: 1000000
`;

export const RULES = `groups:
  uiuc-staff:
    rules:
      - field: affiliation
        contains: staff@illinois.edu   # substring match
      - field: idp
        equals: urn:mace:incommon:uiuc.edu   # exact match
    default:
      max: 500000
      refresh: 10000
`;

export const CHAT = `chat:
  remove: hide   # "hide" = soft-delete (recoverable) | "delete" = permanent
`;

export const RATE = `rate_limiting:
  limit: "30 per minute"
  # storage_url: redis://localhost:6379/0  # optional; use Redis in multi-worker deployments
`;

export const POOL = `app:
  db_pool:
    pool_size: 20        # persistent connections kept open
    max_overflow: 30     # burst connections allowed above pool_size
    pool_timeout: 10     # seconds to wait for a free connection before returning an error
    pool_recycle: 1800   # recycle connections after 30 min to avoid stale-connection errors
    pool_pre_ping: true  # test each connection before use; silently replaces stale ones
`;

export const CLIENTS_ERA = `app:
  name: Lumen
  secret_key: 0123456789abcdef0123456789abcdef
  encryption_key: fedcba9876543210fedcba9876543210
  database_url: postgres://lumen:pw@db/lumen
  debug: false
oauth2:
  client_id: cilogon:/client_id/1
  client_secret: s3cret
  server_metadata_url: https://cilogon.org/.well-known/openid-configuration
prometheus:
  enabled: true
  multiproc_dir: /tmp/metrics
models:
  - name: gpt-4o
    active: true
    input_cost_per_million: 5.0
    output_cost_per_million: 15.0
    endpoints: [{ url: https://api.openai.com/v1, api_key: sk-1 }]
  - name: old
    active: false
    input_cost_per_million: 1
    output_cost_per_million: 1
groups:
  default:
    max: 20
    refresh: 1
    model_access: { default: whitelist, blacklist: [old] }
clients:
  default: { max: 5 }
  robot: { max: 50 }
admins: [admin@example.edu]
chat: { remove: delete, upload: { max_size_mb: 10 } }
rate_limiting: { limit: 30 per minute, storage_url: redis://redis:6379/0 }
`;
