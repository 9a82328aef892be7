/** Holds the state of one visit to the label screen and lets React watch it. */
import { START, step, type Event, type Outgoing, type State } from "./model";

export class LabelStore {
  private state: State = START;
  private readonly listeners = new Set<() => void>();

  /** `onSend` gets the annotations of one item, which are stored together or not at all. */
  constructor(private readonly onSend: (bodies: Outgoing[], title: string) => void) {}

  dispatch = (event: Event): void => {
    const before = this.state;
    const { state, send } = step(before, event);
    this.state = state;
    const title = event.type === "undo" ? event.target.title : (before.current?.item.key ?? "");
    if (send.length > 0) this.onSend(send, title);
    if (state !== before) for (const listener of this.listeners) listener();
  };

  current = (): State => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
