// Generated from inspection/schema.json by report_types.py: change the schema instead.

/** What one view shows: the Reports of one or more compilations. Lines count from 1; columns count UTF-16 units from 0; a range is half open. */
export interface Bench {
  /** Version of this schema; a viewer refuses one that it does not know. */
  version: 1;
  /** Version of the compiler. */
  pellucid: string;
  /** What was compiled, for a heading: a cell, a script, a function. */
  title: string;
  /** The levels to open at first; empty for the viewer's own choice. */
  show: ('source' | 'ir' | 'llvm' | 'asm' | 'events')[];
  reports: Report[];
}

/** One compilation: one function for one signature, or its failure. */
export interface Report {
  /** Unique within the bench; `calls` refer to it. */
  id: string;
  status: 'ok' | 'failed';
  function: Function;
  /** Paths that `file` fields index; 0 is the function's own. */
  files: string[];
  source: Source;
  /** Every operation of the source; (file, line, anchor) is unique, and `id` is the index in this array. */
  spans: Span[];
  /** Pellucid's own IR, one entry for each stage, in order. */
  ir: Text[];
  /** LLVM IR: as generated, then optimised. */
  llvm: Text[];
  /** Assembly; one entry, or none where the target stops before machine code. */
  asm: Text[];
  cfg: Graph[];
  calls: Call[];
  events: Event[];
  timings: Timing[];
  options: Record<string, string | number | boolean | null>;
  diagnostics: Diagnostic[];
  stats: Stats;
  /** What was left out to stay within a size, in words. */
  omitted: string[];
}

export interface Function {
  name: string;
  module: string;
  file: string;
  line: number;
  /** As the signature menu shows it. */
  signature: string;
  arguments: Argument[];
  /** null where inference did not get there. */
  returns: string | null;
}

export interface Argument {
  name: string;
  type: string;
}

export interface Source {
  text: string;
  /** Line of the file at which `text` starts. */
  first_line: number;
  /** Lines of the notebook cell above line 1 of the file. */
  cell_offset: number;
  /** The notebook cell's id, where there is one. */
  cell: string | null;
  /** What pointing can hit: [line, start, end, span]. `span` is the operation whose anchor the token is, or else the smallest that contains it; -1 for none. */
  tokens: [number, number, number, number][];
  /** What is written into the source: the types of arguments and of each name where it is first bound. */
  hints: Hint[];
}

export interface Hint {
  /** The name that is bound. */
  name: string;
  line: number;
  /** The hint stands after this column. */
  column: number;
  text: string;
  span: number | null;
  /** The chain of expressions and lines that gave the name its type, as `f.why` prints it; empty where there is nothing to tell. */
  why: string;
}

export interface Span {
  id: number;
  /** Index into `files`. */
  file: number;
  /** Line of the anchor. */
  line: number;
  /** Column of the operation's own token: the operator, the `(` of a call, the `[` of a subscript, a name. */
  anchor: number;
  start: Position;
  end: Position;
  /** The enclosing operation within the same statement. */
  parent: number | null;
  /** What it is: the syntax node's name in lower case, such as `binop`, `call`, `name`, `for`. */
  kind: string;
  /** Inferred type of the value; null for statements and where inference did not get there. */
  type: string | null;
  /** The source text, cut where long. */
  text: string;
}

/** [line, column] */
export type Position = [number, number];

/** One level at one stage. `lines` has an entry for each line of `text`: an index into `origins`. */
export interface Text {
  name: string;
  title: string;
  language: 'pellucid' | 'llvm' | 'asm';
  text: string;
  lines: number[];
  origins: Origin[];
}

export interface Origin {
  kind: 'code' | 'label' | 'directive' | 'metadata' | 'comment' | 'declaration' | 'blank';
  /** Inline chain, the user's operation first; empty where the origin is unknown. */
  spans: number[];
  /** The compiler made it: it belongs to no line. */
  generated: boolean;
  /** It belongs to another function than the one reported. */
  library: boolean;
}

export interface Graph {
  /** Name of the Text that it is the control flow of. */
  level: string;
  blocks: Block[];
  /** Pairs of indices into `blocks`. */
  edges: [number, number][];
  loops: Loop[];
  /** Those of `edges` that an exception takes, to its handler. */
  handlers: [number, number][];
}

export interface Block {
  name: string;
  /** Line of the level's text, from 1. */
  first_line: number;
  last_line: number;
}

export interface Loop {
  header: number;
  blocks: number[];
  depth: number;
}

export interface Call {
  callee: string;
  span: number | null;
  signature: string;
  how: 'inlined' | 'direct' | 'python';
  /** Id of the callee's report, where the bench holds it. */
  report: string | null;
}

export interface Event {
  kind: string;
  span: number | null;
  message: string;
  reason: string;
  severity: 'good' | 'info' | 'missed' | 'warning';
  acted: boolean;
  data: Record<string, string | number | boolean | null>;
}

export interface Timing {
  phase: string;
  seconds: number;
  parts: Timing[];
}

export interface Diagnostic {
  code: string;
  headline: string;
  primary: Label | null;
  labels: Label[];
  notes: string[];
  help: string;
  /** The whole message as the compiler renders it, source lines and carets included. */
  text: string;
}

export interface Label {
  file: number;
  start: Position;
  end: Position;
  text: string;
}

export interface Stats {
  compile_seconds: number | null;
  cache: 'compiled' | 'loaded' | 'off';
  calls: number | null;
}
