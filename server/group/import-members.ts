/** Puts many people into a group at once, from a file; first it is shown what that would do. */
import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { addressList, type ListedAddress } from './address-list.ts';
import { groupNamed } from './group-list.ts';

/** What becomes of a line: only NEW ones are put in. */
export type ImportState = 'NEW' | 'MEMBER' | 'UNKNOWN' | 'DUPLICATE' | 'MALFORMED';

export interface ImportedLine extends ListedAddress {
  readonly state: ImportState;
}

export interface MembersImport {
  readonly lines: readonly ImportedLine[];
}

interface Judged {
  readonly line: ImportedLine;
  readonly accountId: string | null;
}

type Unit = Pick<Context, 'actor' | 'config' | 'sql'>;

/** So many facts are told one by one; beyond, everybody looks anew. */
const TOLD_MAX = 100;

/** What importing the file would do; nothing is changed. @throws Failure FORBIDDEN, NOT_FOUND, INVALID, TOO_LARGE */
export async function previewImport(
  ctx: Unit,
  group: string,
  file: string,
): Promise<MembersImport> {
  await mustExist(ctx, group);
  return { lines: (await judged(ctx, group, addressList(file))).map(({ line }) => line) };
}

/**
 * Puts those in whom the preview calls new, all or none, and gives what was done. What changed since the preview is looked
 * at anew.
 *
 * @throws Failure as `previewImport`
 */
export async function importMembers(
  ctx: Context,
  group: string,
  file: string,
): Promise<MembersImport> {
  await mustExist(ctx, group);
  const addresses = addressList(file);
  return transact(ctx, async (tx) => {
    const found = await judged(tx, group, addresses);
    const accounts = found.flatMap(({ line, accountId }) =>
      line.state === 'NEW' && accountId !== null ? [accountId] : [],
    );
    if (accounts.length > 0) await putIn(tx, group, accounts);
    return { lines: found.map(({ line }) => line) };
  });
}

async function mustExist(ctx: Unit, group: string): Promise<void> {
  administrator(ctx);
  if (!(await groupNamed(ctx, group))) fail('NOT_FOUND', 'There is no such group.');
}

async function putIn(tx: Context, group: string, accounts: readonly string[]): Promise<void> {
  await sql`
    insert into group_member (group_name, account_id, origin)
    select ${group}, id, 'manual' from unnest(${accounts}::uuid[]) as id order by id on conflict do nothing`.execute(
    tx.sql,
  );
  await recordAudit(tx, {
    action: 'group.members_imported',
    subjectKind: 'group',
    subject: group,
    after: { count: accounts.length, accounts },
  });
  const told = accounts.length > TOLD_MAX ? [null] : accounts;
  tx.live.publish(...told.map((account) => ({ kind: 'accessChanged', account }) as const));
}

async function judged(
  ctx: Pick<Context, 'sql'>,
  group: string,
  addresses: readonly ListedAddress[],
): Promise<readonly Judged[]> {
  const emails = [...new Set(addresses.flatMap(({ email }) => email ?? []))];
  const { rows } = await sql<{ id: string; email: string; isMember: boolean }>`
    select id, email, exists (select from group_member m where m.account_id = a.id and m.group_name = ${group}
      and m.origin = 'manual') as "isMember"
    from account a where email = any(${emails}::text[])`.execute(ctx.sql);
  const known = new Map(rows.map((row) => [row.email, row]));
  const seen = new Set<string>();
  return addresses.map((address) => {
    const { email } = address;
    const account = email === null ? undefined : known.get(email);
    const state = stateOf(email, account, seen);
    if (email !== null) seen.add(email);
    return { line: { ...address, state }, accountId: account?.id ?? null };
  });
}

function stateOf(
  email: string | null,
  account: { readonly isMember: boolean } | undefined,
  seen: ReadonlySet<string>,
): ImportState {
  if (email === null) return 'MALFORMED';
  if (seen.has(email)) return 'DUPLICATE';
  if (!account) return 'UNKNOWN';
  return account.isMember ? 'MEMBER' : 'NEW';
}
