/** Everything that parts of Lumen tell one another, in one closed union: past tense, ids only, never rows. */
export type Fact =
  | { readonly kind: 'conversationChanged'; readonly id: string; readonly account: string }
  | { readonly kind: 'conversationDeleted'; readonly id: string; readonly account: string }
  | { readonly kind: 'messageChanged'; readonly id: string; readonly account: string }
  | { readonly kind: 'foldersChanged'; readonly account: string }
  | { readonly kind: 'promptsChanged'; readonly account: string | null }
  | { readonly kind: 'poolChanged'; readonly account: string }
  | { readonly kind: 'keysChanged'; readonly account: string }
  /** What somebody may do has changed, or one of their sessions has ended; null when it may be anybody. */
  | { readonly kind: 'accessChanged'; readonly account: string | null }
  /** A group that was made by hand is defined anew, or gone. */
  | { readonly kind: 'groupsChanged' }
  | { readonly kind: 'modelsChanged' }
  /** The configuration says something else of what visitors may know. */
  | { readonly kind: 'siteChanged' }
  /** An administrator took an endpoint out of rotation, or put it back. */
  | { readonly kind: 'endpointsChanged' }
  | { readonly kind: 'stopAsked'; readonly message: string };

export type FactKind = Fact['kind'];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;
