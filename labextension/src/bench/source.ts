/** The source as it was compiled, with inferred types in it, and the message where it was not. */
import {
  type Extension,
  type Range,
  RangeSet,
  StateEffect,
  StateField,
  type Text as Document
} from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, hoverTooltip, WidgetType } from '@codemirror/view';
import type { Report, Span } from '../report';
import { element } from './dom';
import { Editor } from './editor';
import { Frame, type Panel } from './frame';
import { languageOf } from './languages';
import { COLD, enclosing, HOT, type Strength, WARM } from './links';
import { diagnosticView } from './messages';
import type { Store } from './store';

class TypeMark extends WidgetType {
  constructor(private readonly text: string) {
    super();
  }
  override eq(other: TypeMark): boolean {
    return other.text === this.text;
  }
  toDOM(): HTMLElement {
    return element('span', { class: 'pl-type' }, `: ${this.text}`);
  }
}

const setMarks = StateEffect.define<DecorationSet>();
const markField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) =>
    transaction.effects.reduce((last, effect) => (effect.is(setMarks) ? effect.value : last), value),
  provide: field => EditorView.decorations.from(field)
});

export class SourcePanel implements Panel {
  readonly root: HTMLElement;
  private readonly frame: Frame;
  private readonly editor: Editor;
  private readonly message = element('div', { class: 'pl-message', hidden: '' });
  private readonly endings: (() => void)[];

  constructor(private readonly store: Store) {
    this.frame = new Frame('source', () => store.report.source.text);
    this.root = this.frame.root;
    this.frame.body.append(this.message);
    this.editor = new Editor({
      parent: this.frame.body,
      label: `Source of ${store.report.function.name}, read-only`,
      lineNumber: line => {
        const { first_line, cell_offset } = this.store.report.source;
        return String(line + first_line - 1 + cell_offset);
      },
      extensions: [],
      moved: position => this.point(position),
      escaped: () => store.point([], null)
    });
    this.endings = [
      store.on('report', () => this.load()),
      store.on('choices', () => this.editor.setWrap(store.choices.wrap)),
      store.on('hot', () => this.light())
    ];
    this.load();
  }

  private load(): void {
    const { report } = this.store;
    this.editor.setText(report.source.text.replace(/\n$/, ''), this.extensions(report));
    this.editor.setWrap(this.store.choices.wrap);
    this.frame.setNote(report.status === 'failed' ? 'not compiled' : '');
    this.message.hidden = report.diagnostics.length === 0;
    this.message.replaceChildren(...report.diagnostics.map(found => diagnosticView(found)));
    this.light();
  }

  private extensions(report: Report): Extension[] {
    return [
      languageOf('python'),
      markField,
      EditorView.decorations.of(view => typeMarks(report, view.state.doc)),
      EditorView.decorations.of(view => costMarks(report, view.state.doc)),
      hoverTooltip((view, position) => {
        const span = spanAt(report, view.state.doc, position);
        if (!span) {
          return null;
        }
        const create = () => ({ dom: tooltip(report, span) });
        return { pos: offset(report, view.state.doc, span.line, span.anchor), above: true, create };
      })
    ];
  }

  private point(position: number): void {
    const span = spanAt(this.store.report, this.editor.view.state.doc, position);
    if (span) {
      this.store.point([span.id], 'source');
    }
  }

  private light(): void {
    const { report, hot } = this.store;
    const [id] = hot.chain;
    const span = id === undefined ? undefined : report.spans[id];
    const around = id === undefined ? [] : enclosing(report.spans, id);
    const marks: Range<Decoration>[] = [];
    const lines = new Map<number, Strength>();
    const add = (found: Span, strength: Strength): void => {
      const document = this.editor.view.state.doc;
      const from = offset(report, document, ...found.start);
      const to = offset(report, document, ...found.end);
      if (found.file === 0 && from < to) {
        marks.push(Decoration.mark({ class: strength === HOT ? 'pl-hot-span' : 'pl-warm-span' }).range(from, to));
        const line = document.lineAt(offset(report, document, found.line, found.anchor)).number;
        lines.set(line, Math.max(strength, lines.get(line) ?? COLD) as Strength);
      }
    };
    around.forEach(outer => add(report.spans[outer], WARM));
    if (span) {
      add(span, HOT);
    }
    this.editor.view.dispatch({ effects: setMarks.of(Decoration.set(marks, true)) });
    this.editor.light(line => lines.get(line) ?? COLD);
    const hotLines = [...lines].filter(([, strength]) => strength === HOT).map(([line]) => line);
    const [first, last] = this.editor.linesInView();
    const hidden = hotLines.filter(line => line < first || line > last);
    if (hot.origin !== 'source' && hidden.length > 0) {
      this.editor.reveal(hidden[0]);
    }
    this.frame.setCount(hotLines.length, 0, () => undefined);
  }

  destroy(): void {
    this.endings.forEach(end => end());
    this.editor.destroy();
  }
}

/** The document's position of a line and column of the file; clamped to the text. */
function offset(report: Report, document: Document, line: number, column: number): number {
  const number = Math.min(Math.max(line - report.source.first_line + 1, 1), document.lines);
  const found = document.line(number);
  return line < report.source.first_line ? 0 : Math.min(found.from + column, found.to);
}

function spanAt(report: Report, document: Document, position: number): Span | undefined {
  const found = document.lineAt(position);
  const line = found.number + report.source.first_line - 1;
  const column = position - found.from;
  // Between two tokens that touch, the caret belongs to the one after it, as the pointer does.
  const token =
    report.source.tokens.find(([at, start, end]) => at === line && start <= column && column < end) ??
    report.source.tokens.find(([at, , end]) => at === line && end === column);
  return token === undefined || token[3] < 0 ? undefined : report.spans[token[3]];
}

function typeMarks(report: Report, document: Document): DecorationSet {
  const marks = report.source.hints.map(hint =>
    Decoration.widget({ widget: new TypeMark(hint.text), side: 1 }).range(
      offset(report, document, hint.line, hint.column)
    )
  );
  const problems = report.diagnostics
    .flatMap(found => (found.primary ? [found.primary] : []))
    .filter(label => label.file === 0)
    .map(label => [offset(report, document, ...label.start), offset(report, document, ...label.end)])
    .filter(([from, to]) => from < to)
    .map(([from, to]) => Decoration.mark({ class: 'pl-problem' }).range(from, to));
  return RangeSet.of([...marks, ...problems], true);
}

/** Lines on which the interpreter works, the dearer the yellower, as Cython's annotation shows them. */
function costMarks(report: Report, document: Document): DecorationSet {
  const costs = new Map<number, number>();
  for (const event of report.events) {
    const span = event.kind === 'python-object' && event.span !== null ? report.spans[event.span] : undefined;
    if (span?.file === 0) {
      const at = document.lineAt(offset(report, document, span.line, span.anchor)).from;
      costs.set(at, Math.max(Number(event.data.cost), costs.get(at) ?? 0));
    }
  }
  const marks = [...costs].map(([at, cost]) => Decoration.line({ class: `pl-python pl-python-${cost}` }).range(at));
  return Decoration.set(marks, true);
}

/** What stands at the pointer, its type, and of a variable the chain of lines that gave it that type. */
function tooltip(report: Report, span: Span): HTMLElement {
  const why = report.source.hints.find(hint => hint.name === span.text && hint.text === span.type)?.why ?? '';
  return element(
    'div',
    { class: 'pl-tooltip' },
    element('code', {}, span.text),
    element('span', { class: 'pl-type' }, span.type === null ? '' : `: ${span.type}`),
    ...(why === '' ? [] : [element('pre', { class: 'pl-why' }, why)])
  );
}
