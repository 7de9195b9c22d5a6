import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamLanguage, type StreamParser } from '@codemirror/language';
import { classHighlighter, highlightTree } from '@lezer/highlight';
import { llvmParser, pellucidParser } from '../src/bench/languages';

function classes<State>(parser: StreamParser<State>, text: string): Record<string, string> {
  const found: Record<string, string> = {};
  highlightTree(StreamLanguage.define(parser).parser.parse(text), classHighlighter, (from, to, name) => {
    found[text.slice(from, to)] = name;
  });
  return found;
}

test('LLVM instructions, types and names', () => {
  const found = classes(llvmParser, '  %x = fadd fast <4 x double> %y, @g ; hint\n');
  assert.match(found.fadd, /keyword/);
  assert.match(found.double, /typeName/);
  assert.match(found['%x'], /variableName/);
  assert.match(found['@g'], /labelName/);
  assert.match(found['; hint'], /comment/);
});

test('our IR', () => {
  const found = classes(pellucidParser, 'loop(i: int64):\n  d: float64 = call operator.sub(x, 1.5)  @4:9\n');
  assert.match(found.loop, /labelName/);
  assert.match(found.float64, /typeName/);
  assert.match(found.call, /keyword/);
  assert.match(found['1.5'], /number/);
  assert.match(found['@4:9'], /comment/);
});

test('a tokenizer always moves on', () => {
  for (const parser of [llvmParser, pellucidParser] as StreamParser<unknown>[]) {
    assert.doesNotThrow(() => classes(parser, '\u0000 ??? "open \' @ % ! \n'));
  }
});
