import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { UploadRules } from '../config/config.ts';
import { type Context, signedIn } from '../context.ts';
import { UPLOADS_PER_MESSAGE_MAX } from './message-uploads.ts';
import { deleteUpload, unsentUploads } from './own-upload.ts';
import { type Upload, uploadUrl } from './upload.ts';
import { UploadRulesType, UploadType } from './upload.type.ts';

@Resolver(() => UploadType)
export class UploadResolver {
  @FieldResolver(() => String, { description: 'Where its owner reads it, on this server.' })
  url(@Root() upload: Upload): string {
    return uploadUrl(upload);
  }

  @Query(() => [UploadType], {
    description: 'Your files that no message came with yet, the newest first.',
  })
  unsentUploads(@Ctx() ctx: Context): Promise<readonly Upload[]> {
    return unsentUploads(ctx);
  }

  @Mutation(() => ID, {
    description: 'Lets one of your files go that was not sent. Gives its id.',
  })
  deleteUpload(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return deleteUpload(ctx, id);
  }
}

@Resolver(() => UploadRulesType)
export class UploadRulesResolver {
  @FieldResolver(() => Int, { description: 'Files that one message may have.' })
  filesMax(): number {
    return UPLOADS_PER_MESSAGE_MAX;
  }

  @Query(() => UploadRulesType, {
    nullable: true,
    description: 'What you may upload; null when uploads are switched off.',
  })
  uploadRules(@Ctx() ctx: Context): UploadRules | null {
    signedIn(ctx);
    return ctx.config.chat.upload;
  }
}
