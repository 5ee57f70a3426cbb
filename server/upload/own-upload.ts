/** Lookups through the asker: there is no way to fetch a file by its id alone. */
import { sql } from 'kysely';
import { type Context, signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { UPLOAD_COLUMNS, type Upload } from './upload.ts';

/** @throws Failure NOT_FOUND, also for somebody else's, and for one in a conversation that was deleted */
export async function ownUpload(ctx: Pick<Context, 'sql' | 'actor'>, id: string): Promise<Upload> {
  const { rows } = await sql<Upload>`
    select ${UPLOAD_COLUMNS} ${ownedBy(ctx, id)}`.execute(ctx.sql);
  return rows[0] ?? noSuchUpload();
}

/** The file itself. Failures as above. */
export async function ownBytes(ctx: Pick<Context, 'sql' | 'actor'>, id: string): Promise<Buffer> {
  const { rows } = await sql<{ bytes: Buffer }>`
    select u.bytes ${ownedBy(ctx, id)}`.execute(ctx.sql);
  return rows[0]?.bytes ?? noSuchUpload();
}

const ownedBy = (ctx: Pick<Context, 'actor'>, id: string) => sql`
  from upload u left join conversation c on c.id = u.conversation_id
  where u.id = ${asId(id, 'upload')} and u.account_id = ${signedIn(ctx).accountId} and c.hidden_at is null`;

/** The actor's files that no message came with yet, the newest first. */
export async function unsentUploads(ctx: Context): Promise<readonly Upload[]> {
  const { rows } = await sql<Upload>`
    select ${UPLOAD_COLUMNS} from upload u
    where u.account_id = ${signedIn(ctx).accountId} and u.conversation_id is null
    order by u.created_at desc, u.id desc`.execute(ctx.sql);
  return rows;
}

/** Lets a file go that was not sent; gives its id. @throws Failure NOT_FOUND, also for one that was sent */
export async function deleteUpload(ctx: Context, id: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    delete from upload
    where id = ${asId(id, 'upload')} and account_id = ${signedIn(ctx).accountId} and conversation_id is null
    returning id`.execute(ctx.sql);
  return rows[0]?.id ?? noSuchUpload();
}

const noSuchUpload = (): never =>
  fail('NOT_FOUND', 'There is no such file any more. Upload it again.', { reason: 'upload_gone' });
