// What a screen reader is told besides what has the focus, and everybody where something did not work.
class Announcer {
  text = $state('');
  /** Why something asked for did not happen that has no place of its own to say so; until it is closed or something works. */
  problem = $state('');

  say(text: string) {
    this.problem = '';
    // The same words again would be no change, and no change is not read out.
    this.text = this.text === text ? `${text}\u00a0` : text;
  }

  /** Says what was done or, for all to see, why it was not. */
  tell(failure: { readonly message: string } | undefined, done: string) {
    if (failure) this.problem = failure.message;
    else this.say(done);
  }
}

export const announcer = new Announcer();
