/** JupyterLab and Notebook 7: the renderer of Reports. Before the widget view, and safe without trust. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { MIME, mountBench, type Mounted } from './bench/bench';
import type { Bench } from './report';

class ReportView extends Widget implements IRenderMime.IRenderer {
  private mounted: Mounted | undefined;

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.mounted?.destroy();
    this.addClass('pl-host');
    this.mounted = mountBench(this.node, model.data[MIME] as unknown as Bench);
    return Promise.resolve();
  }

  override dispose(): void {
    this.mounted?.destroy();
    super.dispose();
  }
}

const extension: IRenderMime.IExtension = {
  id: 'pellucid-lab:report',
  description: 'Shows reports of the Pellucid compiler as linked panels.',
  // Below 0, so that a Report wins over the widget view beside it in the same output.
  rank: -10,
  dataType: 'json',
  // Report strings reach the page through textContent or a CodeMirror document only.
  rendererFactory: { safe: true, mimeTypes: [MIME], createRenderer: () => new ReportView() }
};

export default extension;
