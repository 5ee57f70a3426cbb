// What an administrator finds in the tabs at first: one of each kind. Nothing runs before they say so.

interface Example {
  readonly query: string;
  readonly variables?: string;
}

const stringify = (variables: object): string => JSON.stringify(variables, null, 2);

export const examples: readonly Example[] = [
  {
    query: `# Which model servers answer. Ctrl+Enter runs it.
query Endpoints {
  endpoints {
    host
    models
    health
    lastError
  }
}`,
  },
  {
    query: `# What was used this month, and by whom.
query Spend {
  usage(filter: { period: MONTH, everyone: true }) {
    totals { requests errors cost }
    byGroup { group requests cost }
    byModel { model requests cost }
  }
}`,
  },
  {
    query: `# Coins for somebody; the audit trail keeps why.
mutation Grant($email: String!, $amount: Decimal!) {
  grantCoins(
    account: { email: $email }
    amount: $amount
    reason: "For the workshop"
  ) {
    left
    max
  }
}`,
    variables: stringify({ email: 'somebody@example.edu', amount: '5' }),
  },
  {
    query: `# What changes for you, until you stop it.
subscription Follow {
  viewerEvents {
    __typename
    ... on PoolChanged { viewer { pool { left } } }
    ... on ModelsChanged { models { name status } }
  }
}`,
  },
  {
    query: `# Who did what, the newest first.
query Trail($first: Int! = 20) {
  auditEntries(first: $first) {
    nodes {
      at
      action
      subjectName
      reason
      actor { email }
    }
    next
  }
}`,
  },
];
