/**
 * Span arithmetic: which lines of a level belong to what is pointed at.
 *
 * What is pointed at is an inline chain, the user's operation first. A line is *hot* when it is
 * at that operation or inside it (its own chain begins with the pointed one), and *warm* when it
 * belongs to an enclosing expression of the same statement, to a part of the operation, or to
 * the same inlined call. LLVM keeps one location when it merges operations, so the instruction
 * that an operation went into may be warm only.
 */
import type { Span, Text } from '../report';

export type Strength = 0 | 1 | 2;
export const COLD: Strength = 0;
export const WARM: Strength = 1;
export const HOT: Strength = 2;

/** An operation and everything around it, up to its statement. */
export function enclosing(spans: readonly Span[], id: number): number[] {
  const found: number[] = [];
  for (let at: number | null = spans[id]?.parent ?? null; at !== null;) {
    found.push(at);
    at = spans[at]?.parent ?? null;
  }
  return found;
}

/** How a chain stands to the pointed one. */
export function strength(spans: readonly Span[], pointed: readonly number[], chain: readonly number[]): Strength {
  if (pointed.length === 0 || chain.length === 0) {
    return COLD;
  }
  const shared = commonPrefix(pointed, chain);
  if (shared === pointed.length) {
    return HOT;
  }
  if (shared > 0) {
    return WARM;
  }
  const [mine] = pointed;
  const [theirs] = chain;
  const related = enclosing(spans, mine).includes(theirs) || enclosing(spans, theirs).includes(mine);
  return related ? WARM : COLD;
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) {
    length += 1;
  }
  return length;
}

/** The strength of each origin of a text: few, so that a hover on a long text stays cheap. */
export function originStrengths(spans: readonly Span[], pointed: readonly number[], text: Text): Strength[] {
  return text.origins.map(origin => strength(spans, pointed, origin.spans));
}

/** What a filter hides. */
export interface Filters {
  directives: boolean;
  metadata: boolean;
  comments: boolean;
  library: boolean;
}

/** The lines of a text (from 0) that the filters show; runs of blank lines become one. */
export function shownLines(text: Text, filters: Filters): number[] {
  const shown: number[] = [];
  let lastBlank = true;
  text.lines.forEach((number, line) => {
    const origin = text.origins[number];
    const hidden =
      (!filters.directives && origin.kind === 'directive') ||
      (!filters.metadata && (origin.kind === 'metadata' || origin.kind === 'declaration')) ||
      (!filters.comments && origin.kind === 'comment') ||
      (!filters.library && origin.library);
    const blank = origin.kind === 'blank';
    if (!hidden && !(blank && lastBlank)) {
      shown.push(line);
      lastBlank = blank;
    }
  });
  return shown;
}

/** A line as the filters show it: metadata and attribute groups stand at the end of LLVM's lines. */
export function shownText(text: Text, line: string, filters: Filters): string {
  if (text.language !== 'llvm' || filters.metadata || line.startsWith('!')) {
    return line;
  }
  return line.replace(/(?:, ![\w.]+ ![\w]+)+$/, '').replace(/( #\d+)?(?: ![\w.]+ !\d+)*( \{)?$/, '$2');
}

/** The line (of ascending ones) from which most of them fit into a window of this many lines. */
export function densest(lines: readonly number[], window: number): number {
  let [best, most, last] = [lines[0], 0, 0];
  lines.forEach((line, first) => {
    while (last < lines.length && lines[last] < line + window) {
      last += 1;
    }
    if (last - first > most) {
      [best, most] = [line, last - first];
    }
  });
  return best;
}

/** How many code lines are hot, for the status line. */
export function countHot(text: Text | undefined, spans: readonly Span[], pointed: readonly number[]): number {
  if (text === undefined) {
    return 0;
  }
  const strengths = originStrengths(spans, pointed, text);
  return text.lines.reduce((count, number) => count + (strengths[number] === HOT ? 1 : 0), 0);
}
