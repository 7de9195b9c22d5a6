/** What is lit, in words: for those who do not see the colour, and for everyone's certainty. */
import { element } from './dom';
import { countHot } from './links';
import type { Hot, Level, Store } from './store';

const LEVEL_WORDS: readonly [Level & ('ir' | 'llvm' | 'asm'), string][] = [
  ['ir', 'IR'],
  ['llvm', 'LLVM'],
  ['asm', 'assembly']
];

export function statusBar(store: Store): HTMLElement {
  const what = element('span', { class: 'pl-what' });
  const counts = element('span', { class: 'pl-counts' });
  const bar = element('div', { class: 'pl-status', role: 'status' }, what, counts);
  const show = (): void => {
    const { report, hot } = store;
    const [id] = hot.chain;
    const span = id === undefined ? undefined : report.spans[id];
    if (!span) {
      what.replaceChildren(emptyText(hot));
      counts.textContent = '';
      return;
    }
    const line = span.line + report.source.cell_offset;
    what.replaceChildren(
      element('span', { class: 'pl-place' }, `line ${line}`),
      ' ',
      element('code', {}, span.text),
      element('span', { class: 'pl-type' }, span.type === null ? '' : `: ${span.type}`)
    );
    counts.textContent = LEVEL_WORDS.map(([level, word]) => {
      const wanted = store.choices.stages[level];
      const text = report[level].find(stage => stage.name === wanted) ?? report[level].at(-1);
      return `${countHot(text, report.spans, hot.chain)} ${word}`;
    }).join(' · ');
  };
  store.on('hot', show);
  store.on('choices', show);
  show();
  return bar;
}

function emptyText(hot: Hot): string {
  if (hot.generated) {
    return 'made by the compiler: it belongs to no line';
  }
  return hot.origin === null
    ? 'point at anything, or move the caret, to light it on every level'
    : 'where this line came from is not known';
}
