/**
 * Images that are kept in the browser for what comes next and what was last, so that they are shown at once and also
 * without a network. The most important come first; the bytes of all are bounded.
 */
export interface Shop {
  fetch: (url: string) => Promise<Blob>;
  keep: (blob: Blob) => string;
  drop: (kept: string) => void;
}

/** The server has answered and has no such image; anything else is a network that may come back. */
export class NoImage extends Error {}

interface Held {
  kept: string;
  bytes: number;
}

const AT_ONCE = 3;

export class Shelf {
  private wanted: string[] = [];
  private readonly held = new Map<string, Held>();
  private readonly sizes = new Map<string, number>();
  private readonly missing = new Set<string>();
  private readonly coming = new Set<string>();
  private unreachable = false;
  private version = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly shop: Shop,
    private readonly maxBytes: number,
  ) {}

  /** What should be here, the most important first; everything else is let go. */
  want(urls: readonly string[]): void {
    this.wanted = [...new Set(urls)];
    for (const url of [...this.held.keys()]) if (!this.wanted.includes(url)) this.drop(url);
    this.unreachable = false;
    this.fill();
    this.changed();
  }

  /** The address to show an image from. */
  source = (url: string): string => this.held.get(url)?.kept ?? url;

  /** The addresses of the most important ones that are here. */
  first(n: number): string[] {
    return this.wanted.slice(0, n).flatMap((url) => this.held.get(url)?.kept ?? []);
  }

  has = (url: string): boolean => this.held.has(url);

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes whenever an image comes or goes. */
  current = (): number => this.version;

  private fill(): void {
    let bytes = 0;
    for (const url of this.wanted) {
      const size = this.held.get(url)?.bytes ?? this.sizes.get(url) ?? 0;
      // From here on there is no room, except for what was let in before something more important came.
      if (bytes + size > this.maxBytes) {
        this.drop(url);
        continue;
      }
      bytes += size;
      if (this.held.has(url) || this.coming.has(url) || this.missing.has(url)) continue;
      if (this.unreachable || this.coming.size >= AT_ONCE || bytes >= this.maxBytes) continue;
      void this.bring(url);
    }
  }

  private async bring(url: string): Promise<void> {
    this.coming.add(url);
    try {
      const blob = await this.shop.fetch(url);
      this.sizes.set(url, blob.size);
      if (this.wanted.includes(url)) this.held.set(url, { kept: this.shop.keep(blob), bytes: blob.size });
    } catch (error) {
      if (error instanceof NoImage) this.missing.add(url);
      else this.unreachable = true;
    }
    this.coming.delete(url);
    this.changed();
    this.fill();
  }

  private drop(url: string): void {
    const held = this.held.get(url);
    if (!held) return;
    this.held.delete(url);
    this.shop.drop(held.kept);
    this.changed();
  }

  private changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
