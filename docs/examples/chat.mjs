// A conversation through Lumen's GraphQL API: look around, ask, watch the answer come, ask again.
//   LUMEN_API_KEY=sk_… node docs/examples/chat.mjs "What is a coin?" "What does it buy?"
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { LUMEN_URL = 'http://localhost:5000', LUMEN_API_KEY } = process.env;
const [, , ...questions] = process.argv;
const authorization = `Bearer ${LUMEN_API_KEY}`;
const print = (text) => process.stdout.write(text);

async function ask(query, variables) {
  const headers = { 'content-type': 'application/json', authorization };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${LUMEN_URL}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`);
  return data;
}

const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { conversation { id } assistantMessage { id } }
}`;
const WATCH = `subscription ($messageId: ID!, $after: Int!) {
  messageStream(messageId: $messageId, after: $after) {
    ... on MessageChunk { position content }
    ... on MessageFinished { message { status cost } }
  }
}`;
const socket = createClient({
  url: `${LUMEN_URL.replace('http', 'ws')}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
});

const { viewer, models } = await ask('{ viewer { name pool { left } } models { name } }');
const model = models[0].name;
print(`${viewer.name} has ${viewer.pool.left} coins. ${model} answers.\n`);

let conversationId;
for (const content of questions.length > 0 ? questions : ['Who are you?']) {
  print(`\n> ${content}\n\n`);
  const { sendMessage } = await ask(SEND, { input: { conversationId, model, content } });
  conversationId = sendMessage.conversation.id;
  // When the connection is lost, the client subscribes anew with these: nothing is missed or repeated.
  const variables = { messageId: sendMessage.assistantMessage.id, after: 0 };
  for await (const { data, errors } of socket.iterate({ query: WATCH, variables })) {
    if (errors) throw new Error(errors[0].message);
    const { position, content: piece, message } = data.messageStream;
    if (message) print(`\n\n${message.status}, ${message.cost} coins\n`);
    else print(piece);
    variables.after = position ?? variables.after;
  }
}
await socket.dispose();
