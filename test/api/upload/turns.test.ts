import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { docx, pdf, png } from '../../support/files.ts';
import { saysWith, uploads } from './uploading.ts';

test('the model reads images and documents with the first question and with every later one', async () => {
  const app = await testApp();
  const ada = await app.person();
  const picture = png(3, 2);
  const files = [
    await uploads(ada, picture, 'chart.png'),
    await uploads(ada, pdf('Coins are integers.', 'Second page.'), 'Über Münzen.pdf'),
    await uploads(ada, docx('A paragraph', 'Another'), 'notes.docx'),
    await uploads(ada, 'x = 1\n', 'script.py'),
  ];
  const { conversation, assistantMessage } = await saysWith(ada, 'What do you see?', files);
  const first = (await app.model.received(1)).body.messages as { content: unknown }[];
  expect(first).toEqual([
    {
      role: 'user',
      content: [
        {
          type: 'text',
          text: '[Document: Über Münzen.pdf]\n\nCoins are integers.\n\nSecond page.\n\n[End of document: Über Münzen.pdf]',
        },
        {
          type: 'text',
          text: '[Document: notes.docx]\n\nA paragraph\n\nAnother\n\n[End of document: notes.docx]',
        },
        {
          type: 'text',
          text: '[Document: script.py]\n\nx = 1\n\n[End of document: script.py]',
        },
        {
          type: 'image_url',
          image_url: { url: `data:image/png;base64,${picture.toString('base64')}` },
        },
        { type: 'text', text: 'What do you see?' },
      ],
    },
  ]);
  await ada.awaits(assistantMessage.id);
  await ada.says('And now?', { conversationId: conversation.id });
  const second = (await app.model.received(2)).body.messages;
  expect(second).toEqual([
    ...first,
    { role: 'assistant', content: 'Hello, world!' },
    { role: 'user', content: 'And now?' },
  ]);
});
