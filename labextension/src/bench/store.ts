/**
 * The bench's one state: which report, what is pointed at, and what is shown.
 *
 * Panels read it and subscribe; none of them knows another. Choices (levels, filters, wrapping)
 * are remembered for the page's lifetime, so that running a cell again keeps them.
 */
import type { Bench, Report } from '../report';
import type { Filters } from './links';

export type Level = 'source' | 'ir' | 'llvm' | 'asm' | 'events';
export const LEVELS: readonly Level[] = ['source', 'ir', 'llvm', 'asm', 'events'];

export interface Choices {
  levels: Record<Level, boolean>;
  filters: Filters;
  wrap: boolean;
  /** Stage shown for a level, by its name. */
  stages: Partial<Record<Level, string>>;
}

/** What is pointed at: an inline chain, and the panel it was pointed at in. */
export interface Hot {
  chain: readonly number[];
  origin: Level | null;
  /** Whether the compiler made the pointed line, so that it belongs to nothing. */
  generated: boolean;
}

export type Change = 'report' | 'hot' | 'choices';

const COOL: Hot = { chain: [], origin: null, generated: false };

const remembered: Choices = {
  levels: { source: true, ir: true, llvm: true, asm: true, events: true },
  filters: { directives: false, metadata: false, comments: true, library: false },
  wrap: false,
  stages: { ir: 'typed', llvm: 'optimised' }
};

export class Store {
  readonly bench: Bench;
  readonly choices: Choices = remembered;
  private index = 0;
  private pointed: Hot = COOL;
  private listeners = new Map<Change, Set<() => void>>();

  constructor(bench: Bench) {
    this.bench = bench;
    if (bench.show?.length > 0) {
      LEVELS.forEach(level => (this.choices.levels[level] = bench.show.includes(level)));
    }
  }

  get report(): Report {
    return this.bench.reports[this.index];
  }

  get reportIndex(): number {
    return this.index;
  }

  get hot(): Hot {
    return this.pointed;
  }

  /** Call `listener` after each change of this kind; the result ends that. */
  on(change: Change, listener: () => void): () => void {
    const set = this.listeners.get(change) ?? new Set();
    this.listeners.set(change, set.add(listener));
    return () => set.delete(listener);
  }

  show(index: number): void {
    if (index !== this.index && index in this.bench.reports) {
      this.index = index;
      this.pointed = COOL;
      this.tell('report');
      this.tell('hot');
    }
  }

  /** Point at a chain; an empty one points at nothing. */
  point(chain: readonly number[], origin: Level | null, generated = false): void {
    const same =
      chain.length === this.pointed.chain.length && chain.every((span, at) => span === this.pointed.chain[at]);
    if (!same || origin !== this.pointed.origin || generated !== this.pointed.generated) {
      this.pointed = { chain, origin, generated };
      this.tell('hot');
    }
  }

  /** Change choices in place, then tell the panels. */
  choose(change: (choices: Choices) => void): void {
    change(this.choices);
    this.tell('choices');
  }

  private tell(change: Change): void {
    for (const listener of [...(this.listeners.get(change) ?? [])]) {
      listener();
    }
  }
}
