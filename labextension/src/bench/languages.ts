/** Highlighting of our IR, LLVM IR and assembly. A grammar buys nothing here: lines stand alone. */
import { python } from '@codemirror/lang-python';
import { StreamLanguage, type StreamParser } from '@codemirror/language';
import { gas } from '@codemirror/legacy-modes/mode/gas';
import type { Extension } from '@codemirror/state';
import type { Text } from '../report';

const LLVM_WORDS =
  /^(?:define|declare|private|internal|external|global|constant|attributes|target|triple|datalayout|source_filename|tail|musttail|fast|nsw|nuw|exact|inbounds|nnan|ninf|nsz|arcp|contract|afn|reassoc|align|to|label|unreachable|undef|poison|null|true|false|zeroinitializer|dso_local|local_unnamed_addr|unnamed_addr|distinct|c)\b/;
const LLVM_TYPES = /^(?:void|ptr|half|bfloat|float|double|fp128|x86_fp80|i\d+|metadata|token|opaque|type|x)\b/;
const LLVM_OPCODE = /^[a-z][a-z0-9_.]*/;

/** LLVM IR. After the start of an instruction (or `=`) comes its opcode. */
export const llvmParser: StreamParser<{ opcode: boolean }> = {
  name: 'llvm',
  startState: () => ({ opcode: true }),
  token(stream, state) {
    if (stream.sol()) {
      state.opcode = true;
    }
    if (stream.eatSpace()) {
      return null;
    }
    if (stream.match(/^;.*/)) {
      return 'comment';
    }
    if (stream.match(/^c?"(?:[^"\\]|\\.)*"/)) {
      return 'string';
    }
    if (stream.match(/^[%@](?:"[^"]*"|[-\w.$]+)/)) {
      return stream.string[stream.start] === '@' ? 'labelName' : 'variableName';
    }
    if (stream.match(/^![-\w.]*|^#\w+/)) {
      return 'meta';
    }
    if (stream.match(/^[-\w.$]+:/)) {
      return 'labelName';
    }
    if (stream.match(LLVM_TYPES)) {
      return 'typeName';
    }
    if (stream.match(/^-?(?:0x[\da-fA-F]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)/)) {
      return 'number';
    }
    if (stream.match(LLVM_WORDS)) {
      return 'modifier';
    }
    if (stream.match(LLVM_OPCODE)) {
      const first = state.opcode;
      state.opcode = false;
      return first ? 'keyword' : null;
    }
    state.opcode = stream.next() === '=' || state.opcode;
    return null;
  }
};

const IR_WORDS =
  /^(?:func|jump|branch|guard|return|raise|reraise|unreachable|call|convert|retain|release|const|ref|object)\b/;
const IR_TYPE =
  /^(?:u?int\d+|float\d+|complex\d+|bool|none|str|bytes|pyobject|array|list|dict|set|frozenset|range|slice|function|generator|dtype|class|Literal|Tuple|UniTuple|Optional|Closure|Struct|BoundMethod|Raised)\b(?=[^.]|$)/;

/** Our IR: `name: type = op arguments   @line:column`. */
export const pellucidParser: StreamParser<unknown> = {
  name: 'pellucid',
  token(stream) {
    if (stream.eatSpace()) {
      return null;
    }
    if (stream.match(/^;.*/) || stream.match(/^@\d[\d:.^-]*/)) {
      return 'comment';
    }
    if (stream.match(/^@[\w.]+/)) {
      return 'labelName';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"|^'(?:[^'\\]|\\.)*'/)) {
      return 'string';
    }
    if (stream.match(IR_WORDS)) {
      return 'keyword';
    }
    if (stream.match(IR_TYPE)) {
      return 'typeName';
    }
    if (stream.match(/^-?\d[\d.]*(?:e[+-]?\d+)?\b/)) {
      return 'number';
    }
    if (stream.sol() && stream.match(/^[\w.]+(?=[(:])/)) {
      return 'labelName';
    }
    if (stream.match(/^[\w.]+/)) {
      return 'variableName';
    }
    stream.next();
    return null;
  }
};

const extensions: Record<Text['language'], Extension> = {
  pellucid: StreamLanguage.define(pellucidParser),
  llvm: StreamLanguage.define(llvmParser),
  asm: StreamLanguage.define(gas)
};

export function languageOf(language: Text['language'] | 'python'): Extension {
  return language === 'python' ? python() : extensions[language];
}
