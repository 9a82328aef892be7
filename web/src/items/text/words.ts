/** Finds the words that a person wants marked in texts. */

export interface Part {
  text: string;
  marked: boolean;
}

/** What was typed as words: without blanks at the ends, each once, the longest first so that it wins. */
export function wordsOf(typed: string): string[] {
  const words = typed.split(",").map((word) => word.trim()).filter((word) => word.length > 0);
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}

/** A text in parts, the words in it marked, whatever their case; a word stands where no letter or digit is beside it. */
export function marked(text: string, words: readonly string[]): Part[] {
  if (words.length === 0) return [{ text, marked: false }];
  const any = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, "giu"))) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), marked: false });
    parts.push({ text: match[0], marked: true });
    at = match.index + match[0].length;
  }
  if (at < text.length || parts.length === 0) parts.push({ text: text.slice(at), marked: false });
  return parts;
}
