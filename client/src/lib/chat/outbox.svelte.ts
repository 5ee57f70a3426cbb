import { untrack } from 'svelte';
import { Draft, type Written } from './draft.svelte.ts';
import type { Message } from './live-answer.svelte.ts';
import { Queue, type Queued } from './queue.svelte.ts';
import { isOfModel, type Refusal, whyRefused } from './refused.ts';
import { type Letter, Sending } from './sending.svelte.ts';
import type { Thread } from './thread.svelte.ts';

/** What the outbox must know of the room that it stands in. */
export interface Room {
  /** The open conversation; none is a new chat. */
  readonly thread: Thread | undefined;
  /** The model that the next message goes to; none while no model can be used. */
  readonly model: string | undefined;
  /** Models that answer the same message beside it. */
  readonly others: readonly string[];
  /** How a new conversation begins. */
  readonly beginning: Pick<Letter, 'isTemporary' | 'settings'>;
  /** Whether the model may be asked, after the viewer was; `isRefused` when the server has just said no. */
  isAcknowledged(model: string, isRefused: boolean): Promise<boolean>;
  /** The viewer goes on with this model alone. */
  onsettled(model: string): void;
  /** A conversation began by a message from here. */
  onbegun(id: string): Promise<void>;
}

/** Everything that is written here and not yet with the server: the draft, the queue, the message on its way. */
export class Outbox {
  readonly sending = new Sending();
  /** Answers are being asked for. */
  isBeginning = $state(false);
  readonly #room: () => Room;
  #again: () => Promise<unknown> = () => this.send();

  constructor(room: () => Room) {
    this.#room = room;
  }

  readonly draft = $derived.by(() => new Draft(this.#room().thread?.id));
  readonly queue = $derived.by(() => new Queue(this.#room().thread?.id));

  /** Whether a message could be sent now. */
  get canSend(): boolean {
    const { model, thread } = this.#room();
    const isIdle = this.sending.pending === undefined && !this.isBeginning;
    return model !== undefined && isIdle && !thread?.running;
  }

  /** Sends what is typed or, while an answer is being written, puts it behind what waits already. */
  async send(): Promise<void> {
    const { draft, queue } = this;
    if (queue.next !== undefined || this.#room().thread?.running) {
      queue.add(draft.hold());
      draft.sent();
      return this.sendQueued();
    }
    this.#again = () => this.send();
    let written: Written | undefined;
    const isSent = await this.#ask(async (letter) => {
      written ??= draft.hold();
      const id = await this.sending.send(written, letter);
      if (id !== undefined) draft.sent();
      return id;
    });
    if (written && !isSent) draft.restore(written);
  }

  /** Sends the first message of the queue. */
  async sendQueued(): Promise<void> {
    const { queue } = this;
    const item = queue.next;
    if (!item || !this.canSend) return;
    queue.isHeld = false;
    queue.underWay = item.id;
    this.#again = () => this.sendQueued();
    const isSent = await this.#ask((letter) => this.sending.send(item, letter));
    this.#settle(queue, item, isSent);
  }

  #settle(queue: Queue, item: Queued, isSent: boolean): void {
    queue.underWay = undefined;
    if (isSent) queue.remove(item.id);
    else queue.isHeld = true;
  }

  /** Sends a message to each of the models that were chosen; gives whether it has arrived. */
  async #ask(send: (letter: Letter) => Promise<string | undefined>): Promise<boolean> {
    const { model, others } = this.#room();
    this.isBeginning = true;
    const isSent = await this.#askEach([model ?? '', ...others], undefined, send);
    this.isBeginning = false;
    return isSent;
  }

  /**
   * The first model that is not refused begins the turn, the others answer beside it; one that is refused does not keep
   * the rest from answering.
   *
   * @param beside the answer that there is already
   */
  async #askEach(
    models: readonly string[],
    beside: string | undefined,
    send: (letter: Letter) => Promise<string | undefined>,
  ): Promise<boolean> {
    let answerId = beside;
    let isSent = beside !== undefined;
    const refusals: Refusal[] = [];
    for (const model of models) {
      this.sending.failure = undefined;
      const id = await this.#deliver(model, () =>
        answerId === undefined
          ? send(this.#letter(model))
          : this.sending.regenerate(answerId, { model, isShown: false }),
      );
      const { failure } = this.sending;
      if (failure) refusals.push({ model, failure });
      isSent ||= id !== undefined;
      answerId ??= this.sending.answerId;
      const isOver = isSent ? answerId === undefined : failure && !isOfModel(failure);
      if (isOver) break;
    }
    this.sending.failure = whyRefused(refusals, models);
    const refused = refusals.map(({ model }) => model);
    if (isSent) this.#again = () => this.#alone(() => this.#askEach(refused, answerId, send));
    return isSent;
  }

  /**
   * What waits goes on after an answer that is whole; after one that ended early its author decides. Of several answers
   * it waits for all, and that counts from which the conversation goes on. To be run whenever one of these changes.
   */
  goOn(): void {
    const { queue, canSend } = this;
    const last = this.#room().thread?.messages.at(-1);
    const isDue = canSend && !queue.isHeld && queue.underWay === undefined && queue.next;
    if (!isDue || last?.role !== 'ASSISTANT') return;
    if (last.status === 'FINISHED') untrack(() => void this.sendQueued());
    else queue.isHeld = true;
  }

  /** Stops all that is being written; what waits is not sent by itself then. */
  async stop() {
    this.queue.isHeld = this.queue.items.length > 0;
    return this.#room().thread?.stopAnswers();
  }

  /** Has the question answered once more; an answer that still runs is only followed again. */
  async retry(answer: Message): Promise<void> {
    const { thread } = this.#room();
    if (answer.status === 'STREAMING') return thread?.follow(answer);
    await this.regenerate(answer);
  }

  /** By the model that is chosen or, beside answers of others, by the same one. */
  regenerate(answer: Message): Promise<void> {
    const { thread, model } = this.#room();
    const isCompared = thread?.beside(answer).length;
    const isShown = !isCompared || thread.messages.includes(answer);
    const how = { model: (isCompared && answer.model) || model, isShown };
    return this.#begin(() => this.sending.regenerate(answer.id, how));
  }

  /** Of several answers that are compared, leaves this one, and its model for what follows. */
  async goOnWith(answer: Message): Promise<void> {
    const { thread, onsettled } = this.#room();
    this.sending.failure = await thread?.show(answer);
    if (this.sending.failure) return;
    thread?.putSideBySide(answer, false);
    if (answer.model) onsettled(answer.model);
  }

  continueAnswer(answer: Message): Promise<void> {
    return this.#begin(() => this.sending.continueAnswer(answer.id));
  }

  edit(question: Message, content: string): Promise<void> {
    const { model } = this.#room();
    return this.#begin(() => this.sending.edit({ id: question.id, content, model }));
  }

  /** One at a time; and when nobody knows whether it had begun, the conversation is read before it is tried again. */
  async #begin(go: () => Promise<string | undefined>): Promise<void> {
    if (this.isBeginning) return;
    const { thread, model } = this.#room();
    const known = thread?.size;
    const deliver = () => this.#deliver(model ?? '', go);
    this.#again = async () => {
      await thread?.refresh();
      if (thread?.size === known) await this.#alone(deliver);
      else this.sending.failure = undefined;
    };
    await this.#alone(deliver);
  }

  async #alone(go: () => Promise<unknown>): Promise<void> {
    this.isBeginning = true;
    await go();
    this.isBeginning = false;
  }

  /** Tries once more what could not be sent. */
  async again(): Promise<void> {
    await this.#again();
  }

  #letter(model: string): Letter {
    const { thread, beginning } = this.#room();
    return {
      conversationId: thread?.id,
      model,
      messageCount: thread?.messages.length ?? 0,
      lastId: thread?.lastId ?? '',
      ...(thread ? {} : beginning),
    };
  }

  /** Until the model is acknowledged, nothing leaves, and what was typed stays where it is. */
  async #deliver(
    model: string,
    go: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const room = this.#room();
    if (!(await room.isAcknowledged(model, false))) return undefined;
    let id = await go();
    const isRefused = this.sending.failure?.code === 'ACKNOWLEDGEMENT_NEEDED';
    if (isRefused && (await room.isAcknowledged(model, true))) id = await go();
    if (id !== undefined && id !== room.thread?.id) await room.onbegun(id);
    this.sending.arrived();
    return id;
  }
}
