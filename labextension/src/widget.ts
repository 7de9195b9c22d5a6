/** anywidget: VS Code, Colab, marimo, and JupyterLab without the extension. */
import { mountBench } from './bench/bench';
import type { Bench } from './report';

interface Model {
  get(name: 'bench'): Bench;
  on(event: 'change:bench', listener: () => void): void;
  off(event: 'change:bench', listener: () => void): void;
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  let mounted = mountBench(el, model.get('bench'));
  const changed = (): void => {
    mounted.destroy();
    mounted = mountBench(el, model.get('bench'));
  };
  model.on('change:bench', changed);
  return () => {
    model.off('change:bench', changed);
    mounted.destroy();
  };
}

export default { render };
