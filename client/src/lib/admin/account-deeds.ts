// What administrators can do with an account, each with a reason for the audit trail.
import { changeDirectly } from '#lib/graphql/direct.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  ConfirmAccountDeletionDocument,
  DeclineAccountDeletionDocument,
  DisableAccountDocument,
  EnableAccountDocument,
  GrantCoinsDocument,
  ResetPoolDocument,
  SetAccountLimitDocument,
} from '#lib/graphql/generated.ts';

export const deedTexts = () => ({
  grant: 'Grant or take coins',
  reset: 'Reset the pool to its start',
  limit: 'Set a limit of its own',
  unlimit: 'Remove the limit of its own',
  disable: 'Disable the account',
  enable: 'Enable the account',
  erase: 'Delete the account, as asked',
  keep: 'Decline to delete the account',
});
export type Deed = keyof ReturnType<typeof deedTexts>;

export interface Wish {
  readonly deed: Deed;
  readonly accountId: string;
  readonly reason: string;
  /** Of `grant`. */
  readonly amount: string;
  /** Of `limit`. */
  readonly max: string;
  /** Of `limit`. */
  readonly refreshPerHour: string;
}

/** Half of the world writes decimals with a comma. */
const decimal = (text: string): string => text.trim().replace(',', '.');

const deeds: Readonly<Record<Deed, (wish: Wish) => Promise<{ failure?: Failure | undefined }>>> = {
  grant: ({ accountId: id, amount, reason }) =>
    changeDirectly(GrantCoinsDocument, { account: { id }, amount: decimal(amount), reason }),
  reset: ({ accountId: id, reason }) =>
    changeDirectly(ResetPoolDocument, { account: { id }, reason }),
  limit: ({ accountId: id, max, refreshPerHour, reason }) =>
    changeDirectly(SetAccountLimitDocument, {
      account: { id },
      limit: { max: Number(decimal(max)), refreshPerHour: Number(decimal(refreshPerHour || '0')) },
      reason,
    }),
  unlimit: ({ accountId: id, reason }) =>
    changeDirectly(SetAccountLimitDocument, { account: { id }, limit: null, reason }),
  disable: ({ accountId: id, reason }) =>
    changeDirectly(DisableAccountDocument, { account: { id }, reason }),
  enable: ({ accountId: id, reason }) =>
    changeDirectly(EnableAccountDocument, { account: { id }, reason }),
  erase: ({ accountId: id, reason }) =>
    changeDirectly(ConfirmAccountDeletionDocument, { account: { id }, reason }),
  keep: ({ accountId: id, reason }) =>
    changeDirectly(DeclineAccountDeletionDocument, { account: { id }, reason }),
};

/** Does it; gives why it could not be done. */
export const does = async (wish: Wish): Promise<Failure | undefined> =>
  (await deeds[wish.deed](wish)).failure;
