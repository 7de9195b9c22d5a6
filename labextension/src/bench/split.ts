/**
 * Panels side by side (or one above another) in a CSS grid, with handles between them.
 *
 * A handle is a `separator` with a value: the share of the panel before it, in per cent. Arrow keys
 * move it, Home and End push it to its limits, a double click evens the two panels out.
 */
import { element } from './dom';

export type Direction = 'columns' | 'rows';

const STEP = 2;
const LEAST = 10;

export interface Item {
  root: HTMLElement;
  name: string;
  share: number;
}

export function split(direction: Direction, items: readonly Item[], resized: (shares: number[]) => void): HTMLElement {
  const box = element('div', { class: `pl-split pl-${direction}` });
  const total = items.reduce((sum, item) => sum + item.share, 0) || 1;
  const shares = items.map(item => (item.share / total) * 100);
  const handles: HTMLElement[] = [];

  const apply = (): void => {
    const tracks = shares.map(share => `minmax(0, ${share.toFixed(2)}fr)`).join(' var(--pl-handle) ');
    box.style.setProperty(direction === 'columns' ? 'grid-template-columns' : 'grid-template-rows', tracks);
    handles.forEach((handle, at) => {
      const most = shares[at] + shares[at + 1] - LEAST;
      handle.setAttribute('aria-valuenow', String(Math.round(shares[at])));
      handle.setAttribute('aria-valuemin', String(LEAST));
      handle.setAttribute('aria-valuemax', String(Math.max(LEAST, Math.round(most))));
    });
  };

  /** Give the panel before a handle this share; the panel after it takes the rest. */
  const move = (at: number, share: number): void => {
    const both = shares[at] + shares[at + 1];
    shares[at] = Math.min(Math.max(share, LEAST), Math.max(both - LEAST, LEAST));
    shares[at + 1] = both - shares[at];
    apply();
    resized(shares);
  };

  items.forEach((item, at) => {
    if (at > 0) {
      const handle = makeHandle(direction, items[at - 1].name, item.name);
      handles.push(handle);
      handle.addEventListener('keydown', event => {
        const to = keyMove(event.key, shares[at - 1], shares[at - 1] + shares[at] - LEAST);
        if (to !== undefined) {
          event.preventDefault();
          event.stopPropagation();
          move(at - 1, to);
        }
      });
      handle.addEventListener('dblclick', () => move(at - 1, (shares[at - 1] + shares[at]) / 2));
      drag(handle, direction, () => {
        const before = items[at - 1].root.getBoundingClientRect();
        const after = item.root.getBoundingClientRect();
        const size = direction === 'columns' ? before.width + after.width : before.height + after.height;
        const both = shares[at - 1] + shares[at];
        const start = shares[at - 1];
        return delta => move(at - 1, start + (delta / Math.max(size, 1)) * both);
      });
      box.append(handle);
    }
    box.append(item.root);
  });
  apply();
  return box;
}

function makeHandle(direction: Direction, before: string, after: string): HTMLElement {
  return element('div', {
    class: 'pl-handle',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': direction === 'columns' ? 'vertical' : 'horizontal',
    'aria-label': `Resize ${before} and ${after}`
  });
}

function keyMove(key: string, now: number, most: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return now - STEP;
    case 'ArrowRight':
    case 'ArrowDown':
      return now + STEP;
    case 'Home':
      return LEAST;
    case 'End':
      return most;
    default:
      return undefined;
  }
}

/** `begin` is called at the start of a drag and answers what to do with each distance moved. */
function drag(handle: HTMLElement, direction: Direction, begin: () => (delta: number) => void): void {
  handle.addEventListener('pointerdown', down => {
    down.preventDefault();
    handle.focus();
    handle.setPointerCapture(down.pointerId);
    const moved = begin();
    const from = direction === 'columns' ? down.clientX : down.clientY;
    const onMove = (event: PointerEvent): void =>
      moved((direction === 'columns' ? event.clientX : event.clientY) - from);
    handle.addEventListener('pointermove', onMove);
    const end = (): void => handle.removeEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', end, { once: true });
    handle.addEventListener('pointercancel', end, { once: true });
  });
}
