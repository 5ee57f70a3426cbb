// What the viewer has and did, as the settings page shows it.
import { askDirectly } from '#lib/graphql/direct.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import { ProfileDocument, type ProfileQuery } from '#lib/graphql/generated.ts';

export type ProfileData = ProfileQuery['viewer'];

export class Profile {
  data = $state.raw<ProfileData>();
  failure = $state.raw<Failure>();

  async refresh(): Promise<void> {
    const outcome = await askDirectly(ProfileDocument, {});
    this.failure = outcome.failure;
    if (outcome.data) this.data = outcome.data.viewer;
  }
}
