/** Everything that parts of Lumen tell one another, in one closed union: past tense, ids only, never rows. */
export type Fact =
  | { readonly kind: 'conversationChanged'; readonly id: string; readonly account: string }
  | { readonly kind: 'conversationDeleted'; readonly id: string; readonly account: string }
  | { readonly kind: 'messageChanged'; readonly id: string; readonly account: string }
  | { readonly kind: 'poolChanged'; readonly account: string }
  | { readonly kind: 'keysChanged'; readonly account: string }
  | { readonly kind: 'modelsChanged' }
  | { readonly kind: 'stopAsked'; readonly message: string };

export type FactKind = Fact['kind'];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;
