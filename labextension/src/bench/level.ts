/** A level of generated text: our IR, LLVM IR or assembly, at one of its stages. */
import type { Text } from '../report';
import { Editor } from './editor';
import { Frame, type Panel, TITLES } from './frame';
import { languageOf } from './languages';
import { densest, HOT, originStrengths, shownLines, shownText, type Strength, WARM } from './links';
import type { Store } from './store';

/** Wait for the pointer to rest before scrolling other panels, so that a sweep does not shake them. */
const SETTLE_MS = 70;

export class LevelPanel implements Panel {
  readonly root: HTMLElement;
  private readonly frame: Frame;
  private readonly editor: Editor;
  private readonly endings: (() => void)[];
  private text: Text | undefined;
  /** What the document was made from: the stage and the filters. */
  private drawn = '';
  /** Lines of the text (from 0) that are shown, in order. */
  private shown: number[] = [];
  /** Lines of the document (from 1) by the number of their origin. */
  private byOrigin: number[][] = [];
  /** Lines of the document (from 1) that are hot. */
  private hot: number[] = [];
  /** The lines of which one should be in view. */
  private wanted: number[] = [];
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly level: 'ir' | 'llvm' | 'asm',
    private readonly store: Store
  ) {
    this.frame = new Frame(level, () => this.text?.text ?? '');
    this.root = this.frame.root;
    this.editor = new Editor({
      parent: this.frame.body,
      label: `${TITLES[level]} of ${store.report.function.name}, read-only`,
      lineNumber: line => String((this.shown[line - 1] ?? 0) + 1),
      extensions: [],
      moved: position => this.point(position),
      escaped: () => store.point([], null)
    });
    this.editor.view.scrollDOM.addEventListener('scroll', () => this.count(), { passive: true });
    this.endings = [
      store.on('report', () => this.load()),
      store.on('choices', () => this.load()),
      store.on('hot', () => this.light())
    ];
    this.load();
  }

  private stages(): Text[] {
    return this.store.report[this.level];
  }

  private load(): void {
    const stages = this.stages();
    const wanted = this.store.choices.stages[this.level];
    const text = stages.find(stage => stage.name === wanted) ?? stages.at(-1);
    this.frame.setStages(stages, text?.name ?? '', name =>
      this.store.choose(choices => (choices.stages[this.level] = name))
    );
    this.frame.setNote(stages.length === 1 ? (text?.title ?? '') : text ? '' : 'not reached');
    const { filters, wrap } = this.store.choices;
    this.editor.setWrap(wrap);
    const drawn = `${text?.name} ${JSON.stringify(filters)}`;
    if (text !== this.text || drawn !== this.drawn) {
      this.text = text;
      this.drawn = drawn;
      this.shown = text ? shownLines(text, filters) : [];
      this.byOrigin = [];
      this.shown.forEach((line, index) => (this.byOrigin[text?.lines[line] ?? 0] ??= []).push(index + 1));
      const lines = text?.text.split('\n') ?? [];
      const shown = text ? this.shown.map(line => shownText(text, lines[line], filters)) : [];
      this.editor.setText(shown.join('\n'), text ? [languageOf(text.language)] : []);
    }
    this.light();
  }

  private point(position: number): void {
    const line = this.editor.view.state.doc.lineAt(position).number;
    const number = this.text?.lines[this.shown[line - 1]];
    const origin = number === undefined ? undefined : this.text?.origins[number];
    if (origin && (origin.spans.length > 0 || origin.generated)) {
      this.store.point(origin.spans, this.level, origin.generated);
    } else if (origin?.kind === 'code') {
      this.store.point([], this.level);
    }
  }

  private light(): void {
    const { text } = this;
    const strengths = text ? originStrengths(this.store.report.spans, this.store.hot.chain, text) : [];
    const of = (line: number): Strength => {
      const number = text?.lines[this.shown[line - 1]];
      return number === undefined ? 0 : strengths[number];
    };
    this.editor.light(of);
    this.hot = this.linesOf(strengths, HOT);
    // A name has no line of its own: then the expression around it is what to look at.
    this.wanted = this.hot.length > 0 ? this.hot : this.linesOf(strengths, WARM);
    this.count();
    clearTimeout(this.settling);
    if (this.store.hot.origin !== this.level && this.wanted.length > 0) {
      this.settling = setTimeout(() => this.reveal(), SETTLE_MS);
    }
  }

  /** The lines of the document (from 1) of this strength, in order. */
  private linesOf(strengths: readonly Strength[], wanted: Strength): number[] {
    const lines = strengths.flatMap((found, origin) => (found === wanted ? (this.byOrigin[origin] ?? []) : []));
    return lines.sort((a, b) => a - b);
  }

  private reveal(): void {
    const [from, to] = this.editor.linesInView();
    if (!this.wanted.some(line => from <= line && line <= to)) {
      this.editor.reveal(densest(this.wanted, Math.max(1, Math.floor((to - from) / 2))));
    }
    this.count();
  }

  private count(): void {
    const [from, to] = this.editor.linesInView();
    const hidden = this.hot.filter(line => line < from || line > to);
    const next = hidden.find(line => line > to) ?? hidden[0];
    this.frame.setCount(this.hot.length, hidden.length, () => {
      this.editor.reveal(next);
      this.count();
    });
  }

  destroy(): void {
    clearTimeout(this.settling);
    this.endings.forEach(end => end());
    this.editor.destroy();
  }
}
