"""WeasyPrint alone, in a process that has loaded nothing else.

Started with a document and its stylesheets; for each line on standard input it
makes the document once and answers with the seconds it took. The first answer
is the time of a document nobody waits for: it loads the fonts.
"""

import sys
import time
from pathlib import Path

import weasyprint


def main() -> None:
    """``python -m benchmarks.bare_weasyprint DOCUMENT STYLESHEET…``."""
    document, *styles = (Path(name) for name in sys.argv[1:])
    html = document.read_text()
    for _ in sys.stdin:
        start = time.perf_counter()
        weasyprint.HTML(string=html).write_pdf(stylesheets=[str(path) for path in styles])
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
