/** The bench: all panels over one Report, in any host. */
import type { Bench, Report } from '../report';
import { element } from './dom';
import { EventsPanel } from './events';
import { type Panel, TITLES } from './frame';
import { LevelPanel } from './level';
import { SourcePanel } from './source';
import { type Item, split } from './split';
import { statusBar } from './status';
import { type Level, LEVELS, Store } from './store';
import { toolbar } from './toolbar';

export const MIME = 'application/vnd.pellucid.report+json';
export const VERSION = 1;

/** From this width on all levels stand side by side; below it they stand in two rows. */
const WIDE = 1500;

/** Shares that the user dragged, kept for the page's lifetime under what they divide. */
const shares = new Map<string, number>();
const FIRST_SHARES: Partial<Record<string, number>> = { source: 30, ir: 30, llvm: 34, asm: 26, events: 24, panels: 76 };

export interface Mounted {
  destroy(): void;
}

/** Show a bench in an element; whatever was in it is replaced. */
export function mountBench(host: HTMLElement, bench: Bench): Mounted {
  if (bench.version !== VERSION || bench.reports.length === 0) {
    const message =
      bench.version === VERSION ? 'nothing was compiled' : `this view reads reports of version ${VERSION}`;
    host.replaceChildren(element('p', { class: 'pl-bench pl-none' }, `Pellucid: ${message}`));
    return { destroy: () => host.replaceChildren() };
  }
  const store = new Store(bench);
  const panels: Record<Level, Panel> = {
    source: new SourcePanel(store),
    ir: new LevelPanel('ir', store),
    llvm: new LevelPanel('llvm', store),
    asm: new LevelPanel('asm', store),
    events: new EventsPanel(store)
  };
  const work = element('div', { class: 'pl-work' });
  const root = element(
    'div',
    {
      class: 'pl-bench',
      role: 'region',
      'aria-label': `Pellucid: ${bench.title}`
    },
    toolbar(store),
    work,
    statusBar(store)
  );
  root.addEventListener('focusin', keepKeys);
  let shape = '';
  const layOut = (): void => {
    const wide = root.clientWidth >= WIDE;
    const shown = LEVELS.filter(level => store.choices.levels[level] && isReached(store.report, level));
    const wanted = `${wide} ${shown.join()}`;
    if (wanted !== shape) {
      shape = wanted;
      work.replaceChildren(arrange(panels, shown, wide));
    }
  };
  store.on('choices', layOut);
  store.on('report', layOut);
  const observer = new ResizeObserver(layOut);
  host.replaceChildren(root);
  observer.observe(root);
  layOut();
  return {
    destroy: () => {
      observer.disconnect();
      LEVELS.forEach(level => panels[level].destroy());
      root.remove();
    }
  };
}

/** Whether the compilation got as far as this level; an empty panel would only take room. */
function isReached(report: Report, level: Level): boolean {
  if (level === 'source' || level === 'events') {
    return level === 'source' || report.status === 'ok' || report.events.length > 0;
  }
  return report[level].length > 0;
}

/**
 * Keep the notebook's one-letter shortcuts off what has the focus here: `d d` on a handle would delete
 * the cell. JupyterLab looks for the mark on the element itself; code views it leaves alone anyway.
 */
function keepKeys(event: FocusEvent): void {
  if (event.target instanceof Element && !event.target.matches(':read-write')) {
    event.target.setAttribute('data-lm-suppress-shortcuts', 'true');
  }
}

/** Levels in one row or two, the decisions below the source or along the bottom. */
function arrange(panels: Record<Level, Panel>, shown: Level[], wide: boolean): HTMLElement {
  const levels = shown.filter(level => level !== 'events');
  const perRow = wide ? Math.max(levels.length, 1) : 2;
  const rows: KeyedItem[] = [];
  for (let at = 0; at < levels.length; at += perRow) {
    const row = levels.slice(at, at + perRow);
    const name = row.map(level => TITLES[level]).join(', ');
    const items = row.map(level => item(level, panels[level].root, TITLES[level]));
    rows.push(item(`panels ${name}`, keepShares('columns', row, items), name));
  }
  if (shown.includes('events')) {
    rows.push(item('events', panels.events.root, TITLES.events));
  }
  return keepShares(
    'rows',
    rows.map(row => row.key),
    rows
  );
}

interface KeyedItem extends Item {
  key: string;
}

function item(key: string, root: HTMLElement, name: string): KeyedItem {
  const first = FIRST_SHARES[key] ?? FIRST_SHARES[key.split(' ')[0]] ?? 30;
  return { key, root, name, share: shares.get(key) ?? first };
}

function keepShares(direction: 'columns' | 'rows', keys: readonly string[], items: readonly Item[]): HTMLElement {
  return split(direction, items, moved => moved.forEach((share, at) => shares.set(keys[at], share)));
}
