import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLD, densest, enclosing, HOT, shownLines, shownText, strength, WARM } from '../src/bench/links';
import type { Origin, Span, Text } from '../src/report';

/** `acc` is a statement around `call`, which is around `sub`; `other` is another statement. */
const spans: Span[] = [null, 0, 1, null].map((parent, id) => ({
  id,
  file: 0,
  line: 1,
  anchor: id,
  start: [1, 0],
  end: [1, 1],
  parent,
  kind: 'call',
  type: null,
  text: ''
}));
const [acc, call, sub, other, inner] = [0, 1, 2, 3, 9];

test('what encloses an operation ends at its statement', () => {
  assert.deepEqual(enclosing(spans, sub), [call, acc]);
  assert.deepEqual(enclosing(spans, acc), []);
});

test('the operation itself is hot, also through inlining', () => {
  assert.equal(strength(spans, [call], [call]), HOT);
  assert.equal(strength(spans, [call], [call, inner]), HOT);
});

test('around and below an operation is warm, another statement is cold', () => {
  assert.equal(strength(spans, [sub], [call]), WARM);
  assert.equal(strength(spans, [call], [sub]), WARM);
  assert.equal(strength(spans, [sub], [other]), COLD);
});

test('pointing into an inlined callee warms the rest of its call', () => {
  assert.equal(strength(spans, [call, inner], [call, inner]), HOT);
  assert.equal(strength(spans, [call, inner], [call]), WARM);
  assert.equal(strength(spans, [call, inner], [call, 8]), WARM);
});

test('an unknown origin links to nothing', () => {
  assert.equal(strength(spans, [], [call]), COLD);
  assert.equal(strength(spans, [call], []), COLD);
});

function text(kinds: Origin['kind'][], library: number[] = []): Text {
  const origins = kinds.map((kind, at) => ({ kind, spans: [], generated: false, library: library.includes(at) }));
  return { name: 't', title: 't', language: 'llvm', text: '', lines: kinds.map((_, at) => at), origins };
}

const none = { directives: false, metadata: false, comments: false, library: false };

test('filters hide lines, and blank lines that then follow one another', () => {
  const level = text(['comment', 'blank', 'code', 'blank', 'metadata', 'blank', 'code', 'directive'], [6]);
  assert.deepEqual(shownLines(level, none), [2, 3]);
  assert.deepEqual(shownLines(level, { ...none, library: true, directives: true }), [2, 3, 6, 7]);
});

test('metadata at the end of an LLVM line goes with the metadata', () => {
  const level = text(['code']);
  const shown = (line: string): string => shownText(level, line, none);
  assert.equal(shown('  br label %a, !dbg !1, !llvm.loop !2'), '  br label %a');
  assert.equal(shown('define void @f() local_unnamed_addr #1 !dbg !3 {'), 'define void @f() local_unnamed_addr {');
  assert.equal(shown('  call void @g() #4, !dbg !7'), '  call void @g()');
  assert.equal(shown('}'), '}');
  assert.equal(shownText(level, '  ret void, !dbg !1', { ...none, metadata: true }), '  ret void, !dbg !1');
});

test('where most lines are is what comes into view', () => {
  assert.equal(densest([3, 40, 41, 42, 90], 5), 40);
  assert.equal(densest([3, 9], 1), 3);
  assert.equal(densest([7], 10), 7);
});
