/** Holds the state of one visit to the label screen and lets React watch it. */
import { START, step, type Event, type Outgoing, type State } from "./model";

export class LabelStore {
  private state: State = START;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly onSend: (outgoing: Outgoing, title: string) => void) {}

  dispatch = (event: Event): void => {
    const before = this.state;
    const { state, send } = step(before, event);
    this.state = state;
    const title = before.current?.item.key ?? "";
    for (const outgoing of send) this.onSend(outgoing, title);
    if (state !== before) for (const listener of this.listeners) listener();
  };

  current = (): State => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
