// `npm run migration -- "People may have several keys"` begins a migration. Its SQL is written by
// hand: most tables have no entity that it could be derived from.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const purpose = process.argv.slice(2).join(' ').trim().replace(/\.?$/, '.');
if (purpose === '.') throw new Error('Say what it does: npm run migration -- "One sentence"');

// The newest name wins, and they run in order: the time in UTC, to the second.
const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const name = `Migration${time}`;
const path = join(import.meta.dirname, '..', 'migrations', `${name}.ts`);
const text = `import { Migration } from '@mikro-orm/migrations';

/** ${purpose} */
export class ${name} extends Migration {
  override up(): void {
    this.addSql(\`
\`);
  }
}
`;
await writeFile(path, text, { flag: 'wx' });
console.log(path);
