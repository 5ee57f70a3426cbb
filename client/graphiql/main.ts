// GraphiQL for administrators, on the session that they are signed in with. Everything comes from this server.
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './graphiql.css';
import { Kind, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { examples } from './examples.ts';

const send = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: createClient({ url: `${location.origin.replace(/^http/, 'ws')}/graphql` }),
});

/** GraphiQL may still tell the operation of the tab before when a tab is run as soon as it is shown. */
const fetcher: Fetcher = (params, options) => {
  const documentAST = parse(params.query);
  const names = documentAST.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? definition.name?.value : undefined,
  );
  const told = params.operationName ?? undefined;
  const operationName = names.includes(told) ? told : names[0];
  return send({ ...params, operationName: operationName ?? null }, { ...options, documentAST });
};

/** Where there is room for one column, the variables wait below a line of tabs. */
const isNarrow = matchMedia('(max-width: 39.99rem)').matches;
const wayBack = createElement('a', { href: '/admin', className: 'back' }, '← Lumen');

const root = document.querySelector('#graphiql');
if (root)
  createRoot(root).render(
    createElement(
      GraphiQL,
      {
        fetcher,
        defaultTabs: [...examples],
        defaultEditorToolsVisibility: isNarrow ? false : 'variables',
        // The browser keeps what is typed here; a key must not be among it.
        shouldPersistHeaders: false,
        showPersistHeadersSettings: false,
      },
      createElement(GraphiQL.Logo, null, wayBack),
    ),
  );
