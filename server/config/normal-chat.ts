import type { Config } from './config.ts';
import type { ConfigFile } from './schema.ts';

export const chat = (block: ConfigFile['chat']): Config['chat'] => ({
  remove: block.remove,
  messageCharactersMax: block.message_characters_max,
  purgeAfterDays: block.purge_after_days,
  titleModel: block.title_model ?? null,
  upload: upload(block.upload),
});

function upload(block: ConfigFile['chat']['upload']): Config['chat']['upload'] {
  if (!block.enabled || block.allowed_extensions.length === 0) return null;
  return {
    bytesMax: block.max_size_mb * 2 ** 20,
    textCharactersMax: block.max_text_chars,
    extensions: block.allowed_extensions,
  };
}
