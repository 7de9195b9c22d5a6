import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../src/bench/store';
import type { Bench } from '../src/report';

function bench(count: number): Bench {
  return { version: 1, pellucid: '', title: '', reports: Array.from({ length: count }, () => ({})) } as Bench;
}

test('pointing at the same place again tells nobody', () => {
  const store = new Store(bench(1));
  let told = 0;
  store.on('hot', () => (told += 1));
  store.point([1, 2], 'asm');
  store.point([1, 2], 'asm');
  assert.equal(told, 1);
  store.point([1, 2], 'llvm');
  assert.equal(told, 2);
});

test('another report cools what was hot', () => {
  const store = new Store(bench(2));
  store.point([3], 'source');
  store.show(1);
  assert.deepEqual(store.hot.chain, []);
  assert.equal(store.reportIndex, 1);
  store.show(7);
  assert.equal(store.reportIndex, 1);
});

test('a listener that ended hears no more', () => {
  const store = new Store(bench(1));
  let told = 0;
  const end = store.on('choices', () => (told += 1));
  store.choose(choices => (choices.wrap = true));
  end();
  store.choose(choices => (choices.wrap = false));
  assert.equal(told, 1);
});

test('choices outlive a bench, so that running a cell again keeps them', () => {
  new Store(bench(1)).choose(choices => (choices.filters.library = true));
  const again = new Store(bench(1));
  assert.equal(again.choices.filters.library, true);
  again.choose(choices => (choices.filters.library = false));
});
