/** A diagnostic as an element: the compiler's own text, with the code in the colour of errors. */
import type { Diagnostic } from '../report';
import { element } from './dom';

export function diagnosticView(diagnostic: Diagnostic): HTMLElement {
  const code = `error[${diagnostic.code}]`;
  const known = diagnostic.text.startsWith(code);
  return element(
    'pre',
    { class: 'pl-diagnostic' },
    element('strong', {}, known ? code : ''),
    known ? diagnostic.text.slice(code.length) : diagnostic.text
  );
}
