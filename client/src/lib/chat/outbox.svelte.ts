import type { Failure } from '#lib/graphql/failure.ts';
import { Draft } from './draft.svelte.ts';
import type { Message } from './live-answer.svelte.ts';
import { Queue, type Queued } from './queue.svelte.ts';
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
  isAcknowledged(isRefused: boolean): Promise<boolean>;
  /** The viewer goes on with this model alone. */
  onsettled(model: string): void;
  /** A conversation began by a message from here. */
  onbegun(id: string): Promise<void>;
}

/** Everything that is written here and not yet with the server: the draft, the queue, the message on its way. */
export class Outbox {
  readonly sending = new Sending();
  /** An answer is about to begin that was asked for without a new message. */
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
    await this.#ask((letter) => this.sending.send(draft, letter));
  }

  /** Sends the first message of the queue. */
  async sendQueued(): Promise<void> {
    const { queue } = this;
    const item = queue.next;
    if (!item || !this.canSend) return;
    queue.isHeld = false;
    queue.underWay = item.id;
    this.#again = () => this.sendQueued();
    const isSent = await this.#ask((letter) => this.sending.resend(item, letter));
    this.#settle(queue, item, isSent);
  }

  #settle(queue: Queue, item: Queued, isSent: boolean): void {
    queue.underWay = undefined;
    if (isSent) queue.remove(item.id);
    else queue.isHeld = true;
  }

  /** Sends a message, and has the other models answer it too; gives whether it has arrived. */
  async #ask(send: (letter: Letter) => Promise<string | undefined>): Promise<boolean> {
    const { others } = this.#room();
    const id = await this.#deliver(() => send(this.#letter()));
    if (id !== undefined && others.length > 0) await this.#askOthers(this.sending.answerId, others);
    return id !== undefined;
  }

  /** One that is refused does not keep the rest from answering. */
  async #askOthers(answerId: string | undefined, models: readonly string[]): Promise<void> {
    if (answerId === undefined) return;
    this.isBeginning = true;
    const refused: string[] = [];
    const reasons: Failure[] = [];
    for (const model of models) {
      await this.sending.regenerate(answerId, { model, isShown: false });
      const { failure } = this.sending;
      if (!failure) continue;
      refused.push(model);
      reasons.push({ ...failure, message: `${model}: ${failure.message}` });
    }
    this.isBeginning = false;
    const [first] = reasons;
    this.sending.failure = first && { ...first, message: reasons.map((r) => r.message).join(' ') };
    this.#again = () => this.#askOthers(answerId, refused);
  }

  /** What waited for this answer goes on; after one that ended early, its author decides. */
  async answerEnded(answer: Message): Promise<void> {
    if (answer.status === 'FINISHED' && !this.queue.isHeld) return this.sendQueued();
    this.queue.isHeld = this.queue.items.length > 0;
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
    const { thread } = this.#room();
    const known = thread?.size;
    this.#again = async () => {
      await thread?.refresh();
      if (thread?.size === known) await this.#alone(go);
      else this.sending.failure = undefined;
    };
    await this.#alone(go);
  }

  async #alone(go: () => Promise<string | undefined>): Promise<void> {
    this.isBeginning = true;
    await this.#deliver(go);
    this.isBeginning = false;
  }

  /** Tries once more what could not be sent. */
  async again(): Promise<void> {
    await this.#again();
  }

  #letter(): Letter {
    const { thread, model, beginning } = this.#room();
    return {
      conversationId: thread?.id,
      model: model ?? '',
      messageCount: thread?.messages.length ?? 0,
      lastId: thread?.lastId ?? '',
      ...(thread ? {} : beginning),
    };
  }

  /** Until the model is acknowledged, nothing leaves, and what was typed stays where it is. */
  async #deliver(go: () => Promise<string | undefined>): Promise<string | undefined> {
    const room = this.#room();
    if (!(await room.isAcknowledged(false))) return undefined;
    let id = await go();
    const isRefused = this.sending.failure?.code === 'ACKNOWLEDGEMENT_NEEDED';
    if (isRefused && (await room.isAcknowledged(true))) id = await go();
    if (id !== undefined && id !== room.thread?.id) await room.onbegun(id);
    this.sending.arrived();
    return id;
  }
}
