import { sql } from 'kysely';
import { normaliseEmail } from '../account/email.ts';
import { ensurePerson } from '../account/ensure-person.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { followRules } from '../group/follow-rules.ts';
import { fail } from '../kernel/failure.ts';
import type { ProviderClaims } from './oidc.ts';
import { openSession } from './sessions.ts';

type Unit = Pick<Context, 'em' | 'sql' | 'actor' | 'config' | 'live' | 'log'>;

/**
 * Signs in whom the provider named; gives the session's token. A person is who issuer and subject say; an address that
 * is known already leads to its account only when the provider has verified it.
 *
 * @throws Failure FORBIDDEN when the address is not verified, or the account disabled
 */
export async function providerSignIn(
  ctx: Unit,
  claims: ProviderClaims,
  browser: string | null,
): Promise<string> {
  if (claims.isEmailVerified === false && !mayBeUnverified(ctx, claims)) {
    fail('FORBIDDEN', 'Your institution has not verified your e-mail address.', {
      reason: 'unverified',
    });
  }
  return transact(ctx, async (tx) => {
    const account = (await knownAccount(tx, claims)) ?? (await linkedAccount(tx, claims));
    if (!account.is_active)
      fail('FORBIDDEN', 'This account is disabled. Ask an administrator.', {
        reason: 'account_disabled',
      });
    await sql`update account set name = coalesce(${claims.name}, name) where id = ${account.id}`.execute(
      tx.sql,
    );
    await followRules(tx, account.id, claims.all);
    return openSession(tx, account.id, browser);
  });
}

/** Whoever may name any address must not be able to name an administrator's. */
const mayBeUnverified = ({ config }: Unit, { email }: ProviderClaims): boolean =>
  config.oauth2?.allowUnverifiedEmail === true && !config.admins.has(normaliseEmail(email));

interface Found {
  readonly id: string;
  readonly is_active: boolean;
}

async function knownAccount(ctx: Unit, { issuer, subject }: ProviderClaims): Promise<Found | null> {
  const { rows } = await sql<Found>`
    select a.id, a.is_active from identity i join account a on a.id = i.account_id
    where i.issuer = ${issuer} and i.subject = ${subject}`.execute(ctx.sql);
  return rows[0] ?? null;
}

async function linkedAccount(ctx: Unit, claims: ProviderClaims): Promise<Found> {
  const email = normaliseEmail(claims.email);
  const { rows } =
    await sql<Found>`select id, is_active from account where email = ${email}`.execute(ctx.sql);
  if (rows[0]) await mayLink(ctx, rows[0].id, claims);
  const id = rows[0]?.id ?? (await ensurePerson(ctx, email, claims.name ?? undefined));
  await sql`insert into identity (issuer, subject, account_id) values (${claims.issuer}, ${claims.subject}, ${id})
    on conflict do nothing`.execute(ctx.sql);
  ctx.log.info({ account: id, issuer: claims.issuer }, 'an identity was linked to an account');
  return { id, is_active: rows[0]?.is_active ?? true };
}

/** Writes into the audit trail that an account gets a further identity. @throws Failure FORBIDDEN unless it may */
async function mayLink(ctx: Unit, account: string, claims: ProviderClaims): Promise<void> {
  const { issuer, subject, isEmailVerified } = claims;
  const rule = ctx.config.oauth2?.linkByEmail ?? 'never';
  if (rule === 'never')
    fail('FORBIDDEN', 'There is an account with your e-mail address already.', {
      reason: 'address_taken',
    });
  if (rule === 'verified' && isEmailVerified !== true)
    fail(
      'FORBIDDEN',
      'There is an account with your e-mail address already, and your institution has not verified that it is yours.',
      { reason: 'unverified' },
    );
  await recordAudit(ctx, {
    action: 'identity.linked',
    subjectKind: 'account',
    subject: account,
    after: { issuer, subject, isEmailVerified },
  });
}
