/** What every panel has around it: a name, its stages, how many lit lines are out of view, copy. */
import { copyText, element, freshId } from './dom';
import type { Level } from './store';

export interface Panel {
  readonly root: HTMLElement;
  destroy(): void;
}

export const TITLES: Record<Level, string> = {
  source: 'Source',
  ir: 'Typed IR',
  llvm: 'LLVM',
  asm: 'Assembly',
  events: 'Decisions'
};

export class Frame {
  readonly root: HTMLElement;
  readonly body = element('div', { class: 'pl-body' });
  private readonly stages = element('div', { class: 'pl-stages' });
  private readonly note = element('span', { class: 'pl-note' });
  private readonly count = element('button', { type: 'button', class: 'pl-count', hidden: '' });
  private jump: () => void = () => undefined;

  constructor(level: Level, text: () => string) {
    const id = freshId(level);
    const copy = element(
      'button',
      { type: 'button', class: 'pl-quiet', 'aria-label': `Copy ${TITLES[level]}`, title: 'Copy as text' },
      'copy'
    );
    copy.addEventListener('click', () => {
      void copyText(text()).then(() => {
        copy.textContent = 'copied';
        setTimeout(() => (copy.textContent = 'copy'), 1200);
      });
    });
    this.count.addEventListener('click', () => this.jump());
    this.root = element(
      'section',
      { class: 'pl-panel', 'data-level': level, 'aria-labelledby': id },
      element(
        'div',
        { class: 'pl-head' },
        element('h3', { id }, TITLES[level]),
        this.note,
        this.stages,
        element('span', { class: 'pl-space' }),
        this.count,
        copy
      ),
      this.body
    );
  }

  setNote(note: string): void {
    this.note.textContent = note;
  }

  /** A choice among few is buttons, among many a menu. */
  setStages(names: readonly { name: string; title: string }[], chosen: string, choose: (name: string) => void): void {
    this.stages.replaceChildren();
    if (names.length < 2) {
      return;
    }
    if (names.length > 3) {
      const menu = element('select', { class: 'pl-select', 'aria-label': 'Stage' });
      menu.append(...names.map(stage => element('option', { value: stage.name }, stage.title)));
      menu.value = chosen;
      menu.addEventListener('change', () => choose(menu.value));
      this.stages.append(menu);
      return;
    }
    for (const stage of names) {
      const pressed = String(stage.name === chosen);
      const button = element('button', { type: 'button', class: 'pl-tab', 'aria-pressed': pressed }, stage.title);
      button.addEventListener('click', () => choose(stage.name));
      this.stages.append(button);
    }
  }

  /** Tell how many lines are lit and how many of them are out of view; the text jumps to the next. */
  setCount(lines: number, outOfView: number, jump: () => void): void {
    this.count.hidden = lines === 0;
    this.jump = jump;
    const noun = lines === 1 ? 'line' : 'lines';
    this.count.textContent = outOfView > 0 ? `${lines} ${noun}, ${outOfView} out of view` : `${lines} ${noun}`;
    this.count.disabled = outOfView === 0;
  }
}
