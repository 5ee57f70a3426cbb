/** Server-sent events (WHATWG HTML, section 9.2), parsed as the pieces arrive and without a promise per event. */
import { StringDecoder } from 'node:string_decoder';
import { upstreamFailure } from './upstream-failure.ts';

const LINE_LENGTH_MAX = 4 * 1024 * 1024;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = 0xfeff;

/** Given each event's data (its lines joined by line feeds) and its name (`''` when it has none). */
type EventReceiver = (data: string, name: string) => void;

export class EventStreamParser {
  private readonly decoder = new StringDecoder('utf8');
  private isFirst = true;
  private endedInReturn = false;
  private unfinishedLine = '';
  private data = '';
  private name = '';

  constructor(private readonly receive: EventReceiver) {}

  /**
   * Takes the next piece, cut anywhere, and gives every event that it completes to the receiver before it returns.
   * @throws Failure UPSTREAM_FAILED when a line is longer than 4 Mi UTF-16 units; and whatever the receiver throws
   */
  feed(piece: Buffer | string): void {
    let text = typeof piece === 'string' ? piece : this.decoder.write(piece);
    if (text === '') return;
    if (this.isFirst) {
      this.isFirst = false;
      if (text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1);
    }
    const from = this.endedInReturn && text.charCodeAt(0) === LINE_FEED ? 1 : 0;
    this.endedInReturn = text.endsWith('\r');
    this.keepUnfinished(text.slice(this.takeLines(text, from)));
  }

  /** The stream has ended: an event that lacks only its last empty line still counts, as many servers omit it. */
  end(): void {
    const line = this.unfinishedLine;
    this.unfinishedLine = '';
    if (line !== '') this.takeLine(line);
    this.dispatch();
  }

  /** Both kinds of line end are searched ahead and only in the new piece, so the work stays linear in its length. */
  private takeLines(text: string, start: number): number {
    let from = start;
    let feed = placeOf('\n', text, from);
    let carriage = placeOf('\r', text, from);
    for (;;) {
      const end = Math.min(feed, carriage);
      if (end === Number.POSITIVE_INFINITY) return from;
      this.finishLine(text.slice(from, end));
      from = feed === carriage + 1 ? feed + 1 : end + 1;
      if (feed < from) feed = placeOf('\n', text, from);
      if (carriage < from) carriage = placeOf('\r', text, from);
    }
  }

  private finishLine(rest: string): void {
    if (this.unfinishedLine === '') {
      this.takeLine(rest);
      return;
    }
    const line = this.unfinishedLine + rest;
    this.unfinishedLine = '';
    this.takeLine(line);
  }

  private keepUnfinished(rest: string): void {
    this.unfinishedLine += rest;
    if (this.unfinishedLine.length > LINE_LENGTH_MAX) throw tooLong();
  }

  private takeLine(line: string): void {
    if (line === '') this.dispatch();
    else if (line.length > LINE_LENGTH_MAX) throw tooLong();
    else if (line.startsWith('data:')) this.addData(valueAfter(line, 5));
    else if (line.startsWith('event:')) this.name = valueAfter(line, 6);
  }

  private addData(value: string): void {
    this.data = this.data === '' ? value : `${this.data}\n${value}`;
  }

  private dispatch(): void {
    const { data, name } = this;
    this.data = '';
    this.name = '';
    if (data !== '') this.receive(data, name);
  }
}

function placeOf(mark: string, text: string, from: number): number {
  const place = text.indexOf(mark, from);
  return place === -1 ? Number.POSITIVE_INFINITY : place;
}

function valueAfter(line: string, colonEnd: number): string {
  return line.slice(line.charCodeAt(colonEnd) === 32 ? colonEnd + 1 : colonEnd);
}

function tooLong(): Error {
  return upstreamFailure('not_an_answer', new Error('a line of the event stream exceeds 4 MB'));
}
