// What a screen reader is told besides what has the focus.
class Announcer {
  text = $state('');

  say(text: string) {
    // The same words again would be no change, and no change is not read out.
    this.text = this.text === text ? `${text}\u00a0` : text;
  }
}

export const announcer = new Announcer();
