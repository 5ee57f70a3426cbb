/** `npm run seed`: a few people with conversations to look at, in the database that `npm run dev` uses. Run it as often as you like. */
import { sql } from 'kysely';
import { pino } from 'pino';
import { ensurePerson } from '../server/account/ensure-person.ts';
import { titleFrom } from '../server/chat/title.ts';
import { placeFrom } from '../server/config/place.ts';
import { configureCommand } from '../server/configured.ts';
import type { Sql } from '../server/db/orm.ts';
import { newId } from '../server/kernel/id.ts';
import { openStoreBeside } from '../server/store.ts';

interface Talk {
  readonly hoursAgo: number;
  readonly question: string;
  readonly answer: string;
}

const TALKS: readonly Talk[] = [
  {
    hoursAgo: 1,
    question: 'Why is the sum of the first n odd numbers a square?',
    answer:
      'Because each odd number is the border that turns one square into the next:\n\n$$\n\\sum_{k=1}^{n} (2k - 1) = n^2\n$$\n\nA square of side $k$ has $k^2$ cells. Adding a row and a column gives $2k + 1$ more, the next odd number, and a square of side $k + 1$.',
  },
  {
    hoursAgo: 5,
    question: 'Read a CSV file in Python and tell me the mean of each numeric column.',
    answer:
      '```python\nimport pandas as pd\n\ntable = pd.read_csv("measurements.csv")\nprint(table.mean(numeric_only=True))\n```\n\nColumns with text are left out by `numeric_only=True`.',
  },
  {
    hoursAgo: 30,
    question: 'Compare breadth-first and depth-first search.',
    answer:
      '| | breadth-first | depth-first |\n|---|---|---|\n| memory | the widest level | the longest path |\n| finds the shortest path | yes | no |\n| natural structure | queue | stack |',
  },
  {
    hoursAgo: 24 * 5,
    question: 'Draft a polite reminder for an overdue review.',
    answer:
      'Dear colleague,\n\nthe review you kindly agreed to write was due last week. Could you tell me by when we may expect it?\n\nWith many thanks',
  },
];

const PEOPLE = ['dev@example.com', 'ada@example.com', 'grace@example.com'];

async function seedTalk(db: Sql, owner: string, talk: Talk): Promise<boolean> {
  const title = titleFrom(talk.question);
  const [conversation, question, answer] = [newId(), newId(), newId()];
  const tokens = Math.ceil(talk.answer.length / 4);
  const { rows } = await sql`
    with new as (
      insert into conversation (id, owner_id, title, model, created_at, updated_at)
      select ${conversation}, ${owner}, ${title}, 'dummy', at, at
      from (select date_trunc('milliseconds', now() - make_interval(hours => ${talk.hoursAgo})) as at) t
      where not exists (select 1 from conversation where owner_id = ${owner} and title = ${title})
      returning id, created_at
    )
    insert into message (id, conversation_id, parent_id, role, status, model, content, input_tokens, output_tokens,
      reasoning_tokens, cost, first_token_ms, duration_ms, created_at, finished_at)
    select ${question}::uuid, id, null, 'user', 'finished', null, ${talk.question}, null, null, null, null::bigint, null, null,
      created_at, null from new
    union all
    select ${answer}::uuid, id, ${question}::uuid, 'assistant', 'finished', 'dummy', ${talk.answer}, 24, ${tokens}::int, 0,
      ${24 + 2 * tokens}::bigint, 120, 2400, created_at, created_at from new
    returning id`.execute(db);
  return rows.length > 0;
}

const log = pino({ level: 'warn' }, pino.destination(2));
const place = placeFrom(process.env);
const config = await configureCommand(place, process.env, log);
if (!config.app.debug) {
  console.error(
    'People who are made up belong on a developer’s machine only: set app.debug first.',
  );
  process.exit(1);
}
const store = await openStoreBeside({
  config,
  dataDir: place.dataDir,
  log,
});
let added = 0;
for (const email of PEOPLE) {
  const owner = await ensurePerson(store, email);
  for (const talk of TALKS) added += Number(await seedTalk(store.sql, owner, talk));
}
await store.close();
console.log(`${PEOPLE.length} people (${PEOPLE.join(', ')}), ${added} new conversations.`);
