/** A diagnostic as elements: headline, the lines it is about with carets, notes, help. */
import type { Diagnostic, Label, Report } from '../report';
import { element } from './dom';

export function diagnosticView(report: Report, diagnostic: Diagnostic): HTMLElement {
  const labels = diagnostic.primary ? [diagnostic.primary, ...diagnostic.labels] : diagnostic.labels;
  const extra = [
    ...diagnostic.notes.map(note => `note: ${note}`),
    ...(diagnostic.help ? [`help: ${diagnostic.help}`] : [])
  ];
  return element(
    'div',
    { class: 'pl-diagnostic', role: 'note' },
    element(
      'p',
      { class: 'pl-headline' },
      element('strong', {}, `error[${diagnostic.code}]`),
      ` ${diagnostic.headline}`
    ),
    ...labels.map(label => element('pre', {}, labelText(report, label))),
    ...extra.map(text => element('p', {}, text))
  );
}

export function labelText(report: Report, label: Label): string {
  const [line, start] = label.start;
  const text = report.source.text.split('\n')[line - report.source.first_line];
  if (label.file !== 0 || text === undefined) {
    return `${report.files[label.file]}:${line}: ${label.text}`;
  }
  const end = label.end[0] === line ? label.end[1] : text.length;
  return `${text}\n${' '.repeat(start)}${'^'.repeat(Math.max(end - start, 1))} ${label.text}`;
}
