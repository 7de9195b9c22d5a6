/** What the compiler decided, and why not otherwise: one row an event, linked like any line. */
import type { Event } from '../report';
import { element } from './dom';
import { Frame, type Panel } from './frame';
import { COLD, HOT, strength } from './links';
import type { Store } from './store';

/** A word and a sign for each severity: nothing is told by colour alone. */
const SIGNS: Record<Event['severity'], [string, string]> = {
  good: ['✓', 'done'],
  info: ['·', 'information'],
  missed: ['–', 'not done'],
  warning: ['!', 'warning']
};

export class EventsPanel implements Panel {
  readonly root: HTMLElement;
  private readonly frame: Frame;
  private readonly list = element('ul', { class: 'pl-events', 'aria-label': 'Decisions of the compiler' });
  private readonly endings: (() => void)[];
  private rows: { event: Event; row: HTMLElement }[] = [];

  constructor(private readonly store: Store) {
    this.frame = new Frame('events', () => store.report.events.map(eventText).join('\n'));
    this.root = this.frame.root;
    this.frame.body.append(this.list);
    this.endings = [store.on('report', () => this.load()), store.on('hot', () => this.light())];
    this.load();
  }

  private load(): void {
    const { report } = this.store;
    this.rows = report.events.map(event => ({ event, row: this.row(event) }));
    this.list.replaceChildren(...this.rows.map(({ row }) => element('li', {}, row)));
    if (this.rows.length === 0) {
      this.list.append(element('li', { class: 'pl-none' }, 'nothing was reported'));
    }
    this.frame.setNote(this.rows.length ? String(this.rows.length) : '');
    this.light();
  }

  private row(event: Event): HTMLElement {
    const span = event.span === null ? undefined : this.store.report.spans[event.span];
    const [sign, word] = SIGNS[event.severity];
    const { cell_offset } = this.store.report.source;
    const row = element(
      'button',
      { type: 'button', class: 'pl-event', 'data-severity': event.severity },
      element('span', { class: 'pl-sign', role: 'img', 'aria-label': word }, sign),
      element('span', { class: 'pl-place' }, span && span.file === 0 ? `line ${span.line + cell_offset}` : ''),
      element('span', { class: 'pl-kind' }, event.kind),
      element('span', { class: 'pl-words' }, event.message, reasonOf(event))
    );
    const point = (): void => this.store.point(event.span === null ? [] : [event.span], 'events');
    row.addEventListener('mouseenter', point);
    row.addEventListener('focus', point);
    row.addEventListener('click', point);
    return row;
  }

  private light(): void {
    const { report, hot } = this.store;
    for (const { event, row } of this.rows) {
      const found = event.span === null ? COLD : strength(report.spans, hot.chain, [event.span]);
      row.classList.toggle('pl-hot', found === HOT);
      if (found === HOT && hot.origin !== 'events') {
        scrollWithin(this.frame.body, row);
      }
    }
  }

  destroy(): void {
    this.endings.forEach(end => end());
  }
}

function reasonOf(event: Event): HTMLElement {
  return element('span', { class: 'pl-reason' }, event.reason ? ` — ${event.reason}` : '');
}

function eventText(event: Event): string {
  return [SIGNS[event.severity][0], event.kind, event.message, event.reason].filter(Boolean).join('  ');
}

/** Scroll the list and nothing around it. */
function scrollWithin(box: HTMLElement, row: HTMLElement): void {
  const [outer, inner] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  }
}
