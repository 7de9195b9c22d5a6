/** The HTML page that `Report.save` writes: the same bench over the data in the page. */
import { mountBench } from './bench/bench';
import type { Bench } from './report';

const host = document.querySelector<HTMLElement>('[data-pellucid]');
const data = document.getElementById('pellucid-bench');
if (host && data) {
  mountBench(host, JSON.parse(data.textContent ?? '') as Bench);
}
