// A conversation that is as long as one says, written straight into the database.

/** Runs a statement with values. */
export type Run = (statement: string, ...values: unknown[]) => Promise<unknown>;

/** As models write: marks, a list, code and a formula. */
export const LONG_ANSWER = [
  'An answer with **marks**, `code` and $x^2$, as models write them.',
  '- one\n- two\n- three',
  '```js\nconst a = 1;\nconst b = 2;\n```',
  'And a last paragraph of some length, because answers are seldom short, and people read them.',
].join('\n\n');

const idOf = (n: string) => `(lpad(to_hex(${n}), 8, '0') || '-0000-7000-8000-000000000000')::uuid`;

/** Puts so many messages before those that a conversation has. The questions are `Question 1`, `Question 3` … */
export async function lengthen(run: Run, conversationId: string, count: number): Promise<void> {
  await run(
    `insert into message (id, conversation_id, parent_id, role, status, model, content, reasoning, created_at)
     select ${idOf('n')}, $1, case when n > 1 then ${idOf('n - 1')} end,
       case when n % 2 = 1 then 'user' else 'assistant' end, 'finished',
       case when n % 2 = 0 then 'fake' end, case when n % 2 = 1 then 'Question ' || n else $2 end, '',
       now() - interval '1 day' + n * interval '1 second'
     from generate_series(1, $3::int) n`,
    conversationId,
    LONG_ANSWER,
    count,
  );
  await run(
    `update message set parent_id = ${idOf('$2::int')}
     where conversation_id = $1 and parent_id is null and id <> ${idOf('1')}`,
    conversationId,
    count,
  );
}
