"""What the browser tests do with a bench: point at words, walk the caret, read what is lit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "tests" / "workbench" / "artifacts"
AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"

# The centre of a word in a line: a line's own centre may lie beyond its text.
_WORD = """([root, lineText, word]) => {
  const lines = [...root.querySelectorAll('.cm-line')];
  const line = lines.find(l => l.textContent.includes(lineText));
  if (!line) return null;
  const box = line.closest('.cm-scroller').getBoundingClientRect();
  const own = line.getBoundingClientRect();
  if (own.top < box.top || own.bottom > box.bottom) line.scrollIntoView({block: 'nearest'});
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const nodes = []; let text = '';
  for (let n; (n = walk.nextNode()); ) { nodes.push([n, text.length]); text += n.data; }
  const at = text.indexOf(word, Math.max(text.indexOf(lineText), 0));
  const place = offset => nodes.findLast(([, start]) => start <= offset);
  const range = document.createRange();
  const [first, start] = place(at);
  const [last, end] = place(at + word.length - 1);
  range.setStart(first, at - start);
  range.setEnd(last, at + word.length - end);
  const middle = range.getBoundingClientRect();
  return [middle.x + middle.width / 2, middle.y + middle.height / 2];
}"""

_SETTLE = """() => new Promise(done => setTimeout(
  () => requestAnimationFrame(() => requestAnimationFrame(done)), 150))"""


class BenchPage:
    """One bench on a page."""

    def __init__(self, page: Any, root: Any = None) -> None:  # Playwright's page and locator
        self.page = page
        self.root = root or page.locator(".pl-bench").last
        self.root.wait_for(timeout=30_000)
        self.root.scroll_into_view_if_needed()

    def panel(self, level: str) -> Any:
        """The locator of a panel."""
        return self.root.locator(f'.pl-panel[data-level="{level}"]')

    def place(self, level: str, line: str, word: str) -> tuple[float, float]:
        """Where a word of a line is on the page."""
        found = self.page.evaluate(_WORD, [self.panel(level).element_handle(), line, word])
        assert found is not None, f"no line with {line!r} in {level}"
        return found

    def point(self, level: str, line: str, word: str) -> None:
        """Move the pointer to a word; from beside it, since a resting pointer is no pointing."""
        x, y = self.place(level, line, word)
        self.page.mouse.move(x - 3, y)
        self.page.mouse.move(x, y)
        self.settle()

    def click(self, level: str, line: str, word: str) -> None:
        """Put the caret into a word."""
        self.page.mouse.click(*self.place(level, line, word))
        self.settle()

    def settle(self) -> None:
        """Wait until the panels have scrolled and drawn: on the page's clock, also under load."""
        self.page.evaluate(_SETTLE)

    def lit(self, level: str, strength: str = "hot") -> list[str]:
        """The lit lines of a panel that are drawn, as texts."""
        lines = self.panel(level).locator(f".cm-line.pl-{strength}")
        return [text.strip() for text in lines.all_inner_texts()]

    def in_view(self, level: str) -> bool:
        """Tell whether some hot line of a panel can be seen inside it."""
        return self.panel(level).evaluate(
            """root => { const box = root.querySelector('.cm-scroller').getBoundingClientRect();
              return [...root.querySelectorAll('.cm-line.pl-hot')].some(l => {
                const r = l.getBoundingClientRect();
                return r.top >= box.top - 1 && r.bottom <= box.bottom + 1; }); }"""
        )

    def status(self) -> str:
        """What the status line says."""
        return self.root.locator(".pl-status").inner_text()

    def violations(self) -> list[str]:
        """What axe finds wrong inside the bench."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "async root => (await axe.run(root)).violations.map("
            "v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 160) + ' ' +"
            " (n.any[0]?.message ?? '')).join(' | ')}`)",
            self.root.element_handle(),
        )
        return list(found)
