/** One quiet bar over the panels: which signature, which levels, what is filtered out. */
import { element, freshId, toggle } from './dom';
import { TITLES } from './frame';
import type { Filters } from './links';
import { LEVELS, type Store } from './store';

const FILTER_NAMES: Record<keyof Filters, string> = {
  directives: 'Directives and debug labels',
  metadata: 'Metadata and declarations',
  comments: 'Comments',
  library: 'Other functions'
};

export function toolbar(store: Store): HTMLElement {
  const levels = element('div', { class: 'pl-group', role: 'group', 'aria-label': 'Levels shown' });
  for (const level of LEVELS) {
    levels.append(
      toggle(TITLES[level], store.choices.levels[level], pressed =>
        store.choose(choices => (choices.levels[level] = pressed))
      )
    );
  }
  const wrap = toggle('Wrap', store.choices.wrap, pressed => store.choose(choices => (choices.wrap = pressed)));
  return element(
    'div',
    { class: 'pl-toolbar', role: 'toolbar', 'aria-label': 'Bench' },
    signature(store),
    element('span', { class: 'pl-space' }),
    levels,
    filters(store),
    wrap
  );
}

function signature(store: Store): HTMLElement {
  const facts = element('span', { class: 'pl-facts' });
  const show = (): void => {
    facts.textContent = factsOf(store);
  };
  store.on('report', show);
  show();
  const names = store.bench.reports.map(report => `${report.function.name}${report.function.signature}`);
  if (names.length === 1) {
    return element('div', { class: 'pl-signature' }, element('code', { title: names[0] }, names[0]), facts);
  }
  const menu = element('select', { class: 'pl-select', 'aria-label': 'Function and signature' });
  menu.append(...names.map((name, at) => element('option', { value: String(at) }, name)));
  menu.value = String(store.reportIndex);
  menu.addEventListener('change', () => store.show(Number(menu.value)));
  return element('div', { class: 'pl-signature' }, menu, facts);
}

function factsOf(store: Store): string {
  const { stats, status } = store.report;
  if (status === 'failed') {
    return 'not compiled';
  }
  const facts: string[] = [];
  if (stats.compile_seconds !== null) {
    const ms = stats.compile_seconds * 1000;
    const time = ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${stats.compile_seconds.toFixed(1)} s`;
    facts.push(`${stats.cache === 'loaded' ? 'loaded' : 'compiled'} in ${time}`);
  }
  if (stats.calls) {
    facts.push(stats.calls === 1 ? '1 call' : `${stats.calls} calls`);
  }
  return facts.join(' · ');
}

function filters(store: Store): HTMLElement {
  const menu = element('div', { class: 'pl-menu', hidden: '' });
  for (const key of Object.keys(FILTER_NAMES) as (keyof Filters)[]) {
    const id = freshId('filter');
    const box = element('input', { type: 'checkbox', id });
    box.checked = store.choices.filters[key];
    box.addEventListener('change', () => store.choose(choices => (choices.filters[key] = box.checked)));
    menu.append(element('label', { for: id }, box, FILTER_NAMES[key]));
  }
  const button = element('button', { type: 'button', class: 'pl-toggle', 'aria-expanded': 'false' }, 'Show ▾');
  const holder = element('div', { class: 'pl-filters' }, button, menu);
  const open = (now: boolean): void => {
    menu.hidden = !now;
    button.setAttribute('aria-expanded', String(now));
  };
  button.addEventListener('click', () => open(menu.hidden));
  holder.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !menu.hidden) {
      event.stopPropagation();
      open(false);
      button.focus();
    }
  });
  holder.addEventListener('focusout', event => {
    if (!holder.contains(event.relatedTarget as Node | null)) {
      open(false);
    }
  });
  return holder;
}
