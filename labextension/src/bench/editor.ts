/**
 * A read-only code view whose caret and pointer report where they are, and whose lines can be lit.
 *
 * `readOnly` without `editable.of(false)` keeps the caret, so every view can be walked with the
 * keyboard. Lit lines are decorated in the viewport only: a hover on 50,000 lines costs what is seen.
 */
import { syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  ViewPlugin,
  type ViewUpdate
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { HOT, type Strength, WARM } from './links';

export interface EditorOptions {
  parent: HTMLElement;
  label: string;
  /** The number drawn beside a line of the document (both from 1). */
  lineNumber: (line: number) => string;
  extensions: Extension[];
  /** The pointer or the caret moved to a position of the document. */
  moved: (position: number) => void;
  /** Escape was pressed. */
  escaped: () => void;
}

/** Where the pointer was last seen; there is one pointer for all views of the page. */
let restingAt = { x: -1, y: -1 };

type LineStrength = (line: number) => Strength;

const lit = StateEffect.define<LineStrength>();
const lighting = StateField.define<LineStrength>({
  create: () => () => 0,
  update: (value, transaction) =>
    transaction.effects.reduce((last, effect) => (effect.is(lit) ? effect.value : last), value)
});
const hotLine = Decoration.line({ class: 'pl-hot' });
const warmLine = Decoration.line({ class: 'pl-warm' });

function drawLit(view: EditorView): DecorationSet {
  const of = view.state.field(lighting);
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const strength = of(line.number);
      if (strength === HOT) {
        builder.add(line.from, line.from, hotLine);
      } else if (strength === WARM) {
        builder.add(line.from, line.from, warmLine);
      }
      at = line.to + 1;
    }
  }
  return builder.finish();
}

const litLines = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = drawLit(view);
    }
    update(update: ViewUpdate): void {
      const relit = update.transactions.some(t => t.effects.some(effect => effect.is(lit)));
      if (relit || update.docChanged || update.viewportChanged) {
        this.decorations = drawLit(update.view);
      }
    }
  },
  { decorations: plugin => plugin.decorations }
);

export class Editor {
  readonly view: EditorView;
  private wrapping = new Compartment();
  private content = new Compartment();

  constructor(private options: EditorOptions) {
    this.view = new EditorView({
      parent: options.parent,
      state: EditorState.create({
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({
            'aria-label': options.label,
            'aria-readonly': 'true',
            tabindex: '0',
            spellcheck: 'false',
            'data-gramm': 'false'
          }),
          lineNumbers({ formatNumber: options.lineNumber }),
          syntaxHighlighting(classHighlighter),
          search({ top: true }),
          keymap.of([...searchKeymap, { key: 'Escape', run: () => (options.escaped(), false) }]),
          lighting,
          litLines,
          this.wrapping.of([]),
          this.content.of(options.extensions),
          EditorView.updateListener.of(update => {
            if (update.selectionSet && update.view.hasFocus) {
              options.moved(update.state.selection.main.head);
            }
          }),
          EditorView.domEventHandlers({
            mousemove: (event, view) => this.hover(event, view),
            focus: (_event, view) => options.moved(view.state.selection.main.head)
          })
        ]
      })
    });
  }

  /**
   * A view that scrolls under a resting pointer gets a mouse event too; it would take the light away
   * from the caret that made it scroll.
   */
  private hover(event: MouseEvent, view: EditorView): void {
    const moved = event.clientX !== restingAt.x || event.clientY !== restingAt.y;
    restingAt = { x: event.clientX, y: event.clientY };
    if (moved && event.buttons === 0) {
      const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (position !== null) {
        this.options.moved(position);
      }
    }
  }

  setText(text: string, extensions: Extension[]): void {
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      effects: this.content.reconfigure(extensions)
    });
  }

  setWrap(wrap: boolean): void {
    this.view.dispatch({ effects: this.wrapping.reconfigure(wrap ? EditorView.lineWrapping : []) });
  }

  light(strength: LineStrength): void {
    this.view.dispatch({ effects: lit.of(strength) });
  }

  /** The first and last line (from 1) that are wholly visible; the same for all lines of a count. */
  linesInView(): [number, number] {
    const { scrollTop, clientHeight } = this.view.scrollDOM;
    const { doc } = this.view.state;
    const first = this.view.lineBlockAtHeight(scrollTop);
    const last = this.view.lineBlockAtHeight(scrollTop + clientHeight);
    const from = doc.lineAt(first.from).number + (first.top < scrollTop - 2 ? 1 : 0);
    const to = doc.lineAt(last.from).number - (last.bottom > scrollTop + clientHeight + 2 ? 1 : 0);
    return [from, to];
  }

  /** Scroll this view only: CodeMirror's own effect would scroll the notebook around it too. */
  reveal(line: number): void {
    const block = this.view.lineBlockAt(this.view.state.doc.line(line).from);
    const { clientHeight } = this.view.scrollDOM;
    this.view.scrollDOM.scrollTop = block.top - (clientHeight - block.height) / 2;
  }

  destroy(): void {
    this.view.destroy();
  }
}
