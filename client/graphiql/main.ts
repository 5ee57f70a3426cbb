// GraphiQL for administrators, on the session that they are signed in with. Everything comes from this server.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { examples } from './examples.ts';

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: createClient({ url: `${location.origin.replace(/^http/, 'ws')}/graphql` }),
});

const root = document.querySelector('#graphiql');
if (root)
  createRoot(root).render(
    createElement(GraphiQL, {
      fetcher,
      defaultTabs: [...examples],
      defaultEditorToolsVisibility: 'variables',
      // The browser keeps what is typed here; a key must not be among it.
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    }),
  );
