// Which texts of the page are translated, and which of them are loaded together. AGENTS.md says how to add one.
import { adapter as components } from '@wuchale/svelte';
import { defaultHeuristic, defineConfig, type Item, pofile, type StorageFactory } from 'wuchale';
import { adapter as modules } from 'wuchale/adapter-vanilla';

type Heuristic = NonNullable<NonNullable<Parameters<typeof components>[0]>['heuristic']>;
type Message = Parameters<Heuristic>[0];

/** Attributes and properties of components that people read, whatever letter they begin with. */
const READ = new Set(['aria-label', 'alt', 'label', 'placeholder', 'text', 'title', 'hint']);
/** Not language: keys, types of GraphQL, names of actions, outlines of icons, and names that are the same everywhere. */
const NOT_READ =
  /^(Enter|Escape|Esc|Tab|Arrow\w+|Mod|Shift|Ctrl)$|^(Mod|Shift|Ctrl)\+|^[A-Z][a-z]+[A-Z]\w*$|^\w+\.\w+$|^M\d|^(curl|mermaid|Python|Node|GraphQL|CSV|Redis|Lumen)$/;
/** Words around a value, or several of them, and nothing that only code has. */
const WORDS = /^[#\p{L}“,·+](?!.*(px|--))[^[\]{}<>=\n]* [^[\]{}<>=\n]*$/u;
const CODE_CALLS =
  /(^|\.)(querySelector(All)?|closest|matches|matchMedia|query|includes|has|watch)$/;

function isWords({ msgStr, details }: Message): boolean {
  const text = msgStr.join('\n');
  if (!/\p{L}{2}/u.test(text)) return false;
  return details.attribute ? READ.has(details.attribute) : WORDS.test(text);
}

const isRead: Heuristic = (message) => {
  const { file, funcName, scope, call = '' } = message.details;
  if (NOT_READ.test(message.msgStr.join('\n'))) return false;
  if (scope === 'markup') return defaultHeuristic(message);
  if (CODE_CALLS.test(call)) return false;
  const isText = defaultHeuristic(message) === 'message' || isWords(message);
  if (isText && file.endsWith('.ts') && funcName === undefined) {
    throw new Error(
      `${file}: let a function give “${message.msgStr[0]}”: the file is read before its language.`,
    );
  }
  return isText ? 'message' : false;
};

/** What is loaded together, and the files it is of; the first that fits. `pages` is the rest. */
const PARTS = [
  ['refusals', /\/refusal-texts\.ts$/],
  ['start', /^src\/(routes\/(\+|SiteFoot|Visitors)|lib\/(graphql|ui|announcement)\/)/],
  ['start', /^src\/lib\/account\/(SignIn|refusal)/],
  ['admin', /^src\/(routes\/admin|lib\/(admin|config-editor))\//],
  ['pages', /^src\/lib\/chat\/(ConversationFiles|Import|import|DeletedConversations|Paper)/],
  ['portal', /^src\/(routes\/[A-Z(]|lib\/(chat|budget|live)\/|lib\/account\/AccountLink)/],
  ['portal', /^src\/lib\/model\/([A-Z]\w*(Dialog|Picker)|usable|models)/],
] as const;

const partOf = (file: string): string =>
  PARTS.find(([, files]) => files.test(file))?.[0] ?? 'pages';

// Another language means another load of the page, so that nothing needs to follow it while the page stands. Each gets
// an object of its own: they fill it with their defaults.
const inComponents = components({
  loader: 'custom',
  heuristic: isRead,
  runtime: { useReactive: false },
});
const inModules = modules({ loader: 'custom', heuristic: isRead, runtime: { useReactive: false } });

const placeOf = ({ references, translations }: Item): string =>
  `${references[0]?.file ?? '~'} ${translations.get('en')?.[0]}`;

/** PO files in an order that does not depend on which file was read first. */
const inOrder: StorageFactory = async (options) => {
  const storage = await pofile()(options);
  return {
    key: storage.key,
    files: storage.files,
    load: () => storage.load(),
    save: ({ pluralRules, items }) =>
      storage.save({
        pluralRules,
        items: items.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
      }),
  };
};

export default defineConfig({
  locales: ['en', 'es'],
  ai: null,
  logLevel: 'warn',
  adapters: {
    texts: {
      ...inComponents,
      files: {
        include: 'src/**/*.{svelte,ts}',
        // Code, styles and outlines only.
        ignore: [
          'src/**/*.d.ts',
          'src/lib/account/session.ts',
          'src/lib/config-editor/editor-look.ts',
          'src/lib/connect/samples.ts',
          'src/lib/graphql/{cache,generated}*',
          'src/lib/graphql/generated/**',
          'src/lib/key/examples.ts',
          'src/lib/ui/{outlines.ts,Icon.svelte}',
          'src/lib/ui/markdown/safe.ts',
        ],
      },
      storage: inOrder,
      granularLoad: true,
      generateLoadID: partOf,
      transform: async (file) =>
        (file.filename.endsWith('.svelte') ? inComponents : inModules).transform(file),
    },
  },
});
